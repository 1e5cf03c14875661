// SPDX-License-Identifier: MIT
#pragma once

#include <source_location>
#include <string_view>

#include "kin/base/error.hpp"
#include "kin/engine/connection.hpp"
#include "kin/engine/wing_access.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/dialect.hpp"

namespace kin::postgresql {

/// A connection of an engine's pool for what lasts longer than a transaction; goes back with this.
struct own_connection {
    /// Throws: usage_error (wrong_database, no_session) naming `what`; pool_timeout, connection_error.
    own_connection(const engine& e, std::string_view what, const std::source_location& where);
    [[nodiscard]] postgresql_connection& server();

    connection lease;
};

/// Runs `work`, which speaks to the server below `lease`; an error is noted there as one of a statement would be.
template <class Work> auto own_errors(connection& lease, Work&& work) {
    try {
        return work();
    } catch (const error& e) {
        kin::detail::wing_access::lease_of(lease).note_failure(e);
        throw;
    }
}

} // namespace kin::postgresql
