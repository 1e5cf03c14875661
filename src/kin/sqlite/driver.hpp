// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace kin {
class driver;
class url;
} // namespace kin

namespace kin::sqlite {

/// The driver for a SQLite URL; opens nothing yet.
/// Throws: usage_error (bad_url), as read_options().
[[nodiscard]] std::unique_ptr<const driver> make_driver(const url& where);

} // namespace kin::sqlite
