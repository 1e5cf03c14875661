// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace kin::mariadb {

/// Whether kin was built with MariaDB and libmariadb, which it loads when it is first needed, is on this machine.
[[nodiscard]] bool is_available() noexcept;

/// The version of libmariadb, "3.3.20". Loads it. Throws: connection_error (client_library_missing), usage_error (wing_not_built).
[[nodiscard]] std::string client_version();

} // namespace kin::mariadb
