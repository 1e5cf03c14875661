// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/catalogue_inspector.hpp"

namespace kin::postgresql {

/// Reads PostgreSQL's catalogue. A table is one of the first schema in search_path that has it; table_names() are those
/// of the schema in which CREATE TABLE makes new ones.
class postgresql_inspector final : public catalogue_inspector {
public:
    explicit postgresql_inspector(connection& c) noexcept;
};

} // namespace kin::postgresql
