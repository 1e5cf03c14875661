// SPDX-License-Identifier: MIT
#pragma once

namespace kin::postgresql {

/// Whether kin was built with PostgreSQL.
[[nodiscard]] bool is_built() noexcept;
/// The version of libpq, as PQlibVersion() writes it: 150018 is 15.18. Loads the library if nobody has yet.
/// Throws: connection_error (client_library_missing), usage_error (wing_not_built).
[[nodiscard]] int client_version();

} // namespace kin::postgresql
