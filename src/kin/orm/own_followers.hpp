// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "key_loader.hpp"
#include "kin/engine/connection.hpp"
#include "kin/mapping/mapper.hpp"

namespace kin::detail {

/// Rows that refer to a row of their own class whose key is about to change, for databases whose ON UPDATE does not reach the table itself
/// (feature::on_update_in_table): they let go of the old key before the UPDATE, and get the new one after it. Those that kin does not have in
/// memory are among them. Does nothing for other databases, and where the foreign key must not be NULL: then the database refuses.
class own_followers {
public:
    /// They must outlive it.
    own_followers(connection& c, const mapper& m) noexcept : connection_(c), type_(m) {}

    /// `before` and `after`: the row whose key changes. SQL, for each foreign key concerned: SELECT key FROM t WHERE foreign_key = ? FOR UPDATE,
    /// and where there are such rows UPDATE t SET foreign_key = NULL WHERE foreign_key = ?
    void let_go(std::span<const cell> before, std::span<const cell> after);
    /// SQL: UPDATE t SET foreign_key = ? WHERE key IN (...)
    void lead();

private:
    /// Who has let go of one foreign key.
    struct group {
        std::vector<std::uint32_t> columns; // that get a value back
        key_values now;                     // these
        std::vector<key_values> keys;       // of the rows
    };
    [[nodiscard]] std::vector<key_values> find(const foreign_key_constraint& foreign,
                                               std::span<const cell> key) const;
    void follow(const foreign_key_constraint& foreign, std::span<const cell> before,
                std::span<const cell> after);

    connection& connection_;
    const mapper& type_;
    std::vector<group> groups_;
};

} // namespace kin::detail
