// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"
#include "persistence.hpp"

namespace kin::detail {

/// Of the columns of a unique key those that must change to free its value: one that may be NULL, else one for which there are values that
/// nobody has (a number, text, day or time). Empty: none can.
[[nodiscard]] std::vector<std::uint32_t> columns_to_park(const mapper& m,
                                                         const std::vector<std::uint32_t>& unique);

/// Writes NULL, or a value that nobody has, into `columns` of the rows, to get them out of the way of other writes of the same
/// flush. The objects keep their values: the image of the row differs now, so the update that follows writes them.
/// A number, day or time is larger than all in the column (SQL: SELECT max) and in the objects that `plan` writes, or random where the largest one is taken; a text is random and as long as the column allows, up to 24 characters.
/// Throws: database_error (a CHECK may refuse the value); stale_data (row_gone).
void park_rows(persistence& work, connection& c, const flush_plan& plan, const flush_plan::step& group);

} // namespace kin::detail
