// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/connection.hpp"
#include "model/reference_model.hpp"

namespace model {

/// What the tables of world.hpp contain, read by raw SQL. Throws: std::runtime_error for a row that two objects claim.
[[nodiscard]] database read_rows(kin::connection& c);

} // namespace model
