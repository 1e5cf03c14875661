// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace kin {
class engine;
}

namespace kin::postgresql {

/// Whether kin was built with PostgreSQL.
[[nodiscard]] bool is_built() noexcept;
/// The version of libpq, as PQlibVersion() writes it: 150018 is 15.18. Loads the library if nobody has yet.
/// Throws: connection_error (client_library_missing), usage_error (wing_not_built).
[[nodiscard]] int client_version();

namespace detail {

/// Throws: usage_error (wrong_database) when `e` is no engine of PostgreSQL; `what` needs one.
void require_postgresql(const engine& e, std::string_view what);

} // namespace detail

} // namespace kin::postgresql
