// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "kin/mapping/row_image.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// Whether a foreign key may refer to the column: it is part of the primary key, or unique.
[[nodiscard]] bool may_be_referenced(const mapper& m, const property& p) noexcept;
/// Whether a foreign key of `m` refers to a column of `m`.
[[nodiscard]] bool refers_to_itself(const mapper& m);

/// The keys that a flush has changed, and the objects of the session that refer to them. The database's ON UPDATE has changed
/// their rows, so they follow without a statement of their own: members, images, links, and the key that they are known by.
class key_changes {
public:
    explicit key_changes(session_core& session) noexcept : session_(session) {}

    /// An UPDATE sets a key of the row of `n`, which is `before` so far.
    void note(const node& n, std::span<const cell> before);
    /// Lets those follow who referred to an old key; also those that refer to these, when their own key changes by it.
    void follow();

private:
    struct change {
        const node* object;
        row_copy before;
    };
    /// What an object with a changed key had in the columns that a foreign key refers to, and what it has.
    struct moved_key {
        const node* object = nullptr;
        std::vector<cell> before;
        std::vector<cell> now;
        row_copy kept = {}; // has the text of `now`
    };
    /// An object whose foreign key follows: in its row, in its member, or in both.
    struct follower {
        node* object;
        const moved_key* row;
        const moved_key* member;
    };
    void follow(entity_map& map, const foreign_key_constraint& foreign, std::span<const change> changes);
    [[nodiscard]] static std::vector<moved_key>
    moved_keys(const mapper& target, const foreign_key_constraint& foreign, std::span<const change> changes);
    [[nodiscard]] static std::vector<follower> followers_in(const entity_map& map,
                                                            const foreign_key_constraint& foreign,
                                                            const std::vector<moved_key>& moved);
    static void lead_members(const follower& f, const foreign_key_constraint& foreign);
    void lead_row(const follower& f, const foreign_key_constraint& foreign);

    session_core& session_;
    std::vector<change> changes_;
};

} // namespace kin::detail
