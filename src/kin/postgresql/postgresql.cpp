// SPDX-License-Identifier: MIT
#include "kin/postgresql/postgresql.hpp"

#include <string>

#include "kin/base/error.hpp"
#include "kin/engine/engine.hpp"
#include "kin/postgresql/own_connection.hpp"

namespace kin::postgresql {

bool is_built() noexcept { return true; }

int client_version() { return library().PQlibVersion(); }

void detail::require_postgresql(const engine& e, std::string_view what) {
    if (dynamic_cast<const postgresql_dialect*>(&e.dialect()) != nullptr) return;
    throw usage_error({.code = "wrong_database",
                       .message = std::string(what) + " is for engines of PostgreSQL, and this one is of " +
                                  std::string(e.dialect().name()),
                       .sql = {}});
}

own_connection::own_connection(const engine& e, std::string_view what, const std::source_location& where)
    : lease((detail::require_postgresql(e, what), e.connect(where))) {
    if (server().prepares()) return;
    throw usage_error(
        {.code = "no_session",
         .message = std::string(what) +
                    " needs a session of the server, and with prepare=off there may be another one "
                    "for each transaction; use a URL that leads to the server itself",
         .sql = {}});
}

postgresql_connection& own_connection::server() {
    return dynamic_cast<postgresql_connection&>(kin::detail::wing_access::driver_of(lease));
}

} // namespace kin::postgresql
