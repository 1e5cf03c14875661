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

    /// An UPDATE has made `now` of the row `before` of `n`.
    void note(const node& n, std::span<const cell> before, std::span<const cell> now);
    /// Lets those follow who referred to an old key; also those that refer to these, when their own key changes by it.
    void follow();

private:
    /// `key` of `object` had another value before; each value is a row of one cell.
    struct change {
        const node* object;
        const property* key;
        row_copy before;
        row_copy now = {}; // filled by follow(): one more UPDATE may have come since
    };
    /// An object whose foreign key follows: in its row, in its member, or in both.
    struct follower {
        node* object;
        const change* row;
        const change* member;
    };
    void follow(entity_map& map, const property& foreign, std::span<const change> changes);
    [[nodiscard]] static std::vector<follower> followers_in(const entity_map& map, const property& foreign,
                                                            std::span<const change> changes);
    static void lead_member(const follower& f, const property& foreign);
    void lead_row(const follower& f, const property& foreign);

    session_core& session_;
    std::vector<change> changes_;
};

} // namespace kin::detail
