// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kin/mapping/node.hpp"
#include "kin/sql/expression.hpp"

namespace kin::detail {

/// What column `position` of `n` holds when the statement is compiled: so a pending object will do, for the flush before the query
/// gives it its key. The expression keeps the object alive. Compiling throws: state_error (no_key_yet).
[[nodiscard]] expression value_of_object(node& n, std::uint32_t position);

} // namespace kin::detail
