// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kin/schema/table.hpp"

namespace kin {

/// A set of tables that belong together: what create_all creates. Does not own the tables; they must outlive it.
class metadata {
public:
    /// Adding the same table twice is a no-op. Throws: mapping_error (duplicate_table) when another table has its name in the same schema.
    void add(const table& t);
    [[nodiscard]] const std::vector<const table*>& tables() const noexcept { return tables_; }
    /// Referenced tables before referencing ones. Self-references do not count; tables in a ring come in the order
    /// in which they were added (their foreign keys are written inside CREATE TABLE, which SQLite accepts).
    [[nodiscard]] std::vector<const table*> in_dependency_order() const;

private:
    std::vector<const table*> tables_;
};

} // namespace kin
