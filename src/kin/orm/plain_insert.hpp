// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional> // std::function: called once for each statement
#include <span>
#include <vector>

#include "kin/orm/set_statement.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// Writes plain objects, many in one INSERT. `read` reads the rows that it returns, when the plan asks for some. Returns the number of rows.
/// Throws: data_error, database_error.
std::int64_t insert_plain(session_core& session, const set_plan& plan,
                          const std::function<std::int64_t(cursor&)>& read);

} // namespace kin::detail
