// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/catalogue_inspector.hpp"

namespace kin::sqlite {

/// Reads the schema by SQLite's pragma functions. Constraints have no names there.
class sqlite_inspector final : public catalogue_inspector {
public:
    explicit sqlite_inspector(connection& c) noexcept;
};

} // namespace kin::sqlite
