// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace kin {
class driver;
class url;
} // namespace kin

namespace kin::postgresql {

/// The driver for a PostgreSQL URL; connects to nothing yet.
/// Throws: usage_error (bad_url), as read_options(); connection_error (client_library_missing); usage_error (wing_not_built).
[[nodiscard]] std::unique_ptr<const driver> make_driver(const url& where);

} // namespace kin::postgresql
