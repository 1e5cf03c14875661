// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin {

/// What the database does with a row whose parent is deleted, or gets another key (SQL: ON DELETE ..., ON UPDATE ...).
enum class referential_action : std::uint8_t { no_action, restrict, cascade, set_null, set_default };

} // namespace kin
