// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/catalogue_inspector.hpp"

namespace kin::mariadb {

/// Reads the schema of the connection's database from information_schema.
class mariadb_inspector final : public catalogue_inspector {
public:
    explicit mariadb_inspector(connection& c) noexcept;
};

} // namespace kin::mariadb
