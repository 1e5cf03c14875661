// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace kin {
class driver;
class url;
} // namespace kin

namespace kin::mariadb {

/// The driver for a mariadb:// or mysql:// URL; loads and opens nothing yet.
/// Throws: usage_error (bad_url), as read_options(); usage_error (wing_not_built).
[[nodiscard]] std::unique_ptr<const driver> make_driver(const url& where);

} // namespace kin::mariadb
