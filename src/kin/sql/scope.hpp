// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kin/schema/table.hpp"
#include "kin/sql/dialect.hpp"

namespace kin {

/// The tables of the SELECTs that are being written, outermost first, and the names under which they are known.
class scope_stack {
public:
    /// One appearance of a table in FROM or JOIN.
    struct source {
        const kin::table* table = nullptr;
        std::string alias;  // empty: known by its own name
        std::string quoted; // how columns are qualified
        bool apart = false; // join_clause::apart
    };

    explicit scope_stack(const dialect& d) noexcept : dialect_(d) {}

    /// `bare`: an UPDATE or DELETE, whose own columns are written without their table.
    void enter(bool bare = false);
    void leave();
    /// Adds a table to the innermost scope. A name that an enclosing scope or this one uses already gets a number: "t_1".
    void add(const kin::table& t, bool apart = false);
    [[nodiscard]] const std::vector<source>& sources() const noexcept { return scopes_.back().sources; }

    /// The table's name as columns are qualified with; empty when it is left out.
    /// Throws: compile_error (table_not_in_query).
    [[nodiscard]] std::string_view qualifier(const column& c, std::size_t level,
                                             std::size_t occurrence) const;

private:
    struct scope {
        std::vector<source> sources;
        bool bare = false;
    };
    [[nodiscard]] bool is_taken(std::string_view name) const noexcept;

    const dialect& dialect_;
    std::vector<scope> scopes_;
};

} // namespace kin
