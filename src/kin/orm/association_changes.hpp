// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/object_context.hpp"

namespace kin::detail {

/// The links of many_to_many relationships that were made or unmade in memory and are not in the database yet. Opposite changes cancel each
/// other; the same link seen from both sides is one.
class association_changes {
public:
    struct change {
        const association* through = nullptr; // null: cancelled
        node* ends[2] = {nullptr, nullptr};
        bool linked = false;
        bool certain = true; // memory knew how it was before: exactly one row is to be found, or none

        /// Whether `c` was a change of the same link.
        [[nodiscard]] bool is_of(const association_change& c) const noexcept;
    };

    /// Throws: std::bad_alloc; then nothing has changed.
    void record(const association_change& c);
    /// All links of an object that is about to be inserted.
    void record_all(node& n);
    /// The change of this link; null when there is none.
    [[nodiscard]] const change* find(const relationship& side, const node& owner,
                                     const node& other) const noexcept;
    /// All changes of links by the member `side` of `owner`.
    [[nodiscard]] std::vector<change> of(const node& owner, const relationship& side) const;
    /// Whether any link of `n` has changed.
    [[nodiscard]] bool concern(const node& n) const noexcept;
    /// An object leaves: nobody will write its links.
    void forget(const node& n) noexcept;
    /// Those that can be written now, in the order in which they were made: all but those of objects that `waits`.
    template <class Waits> [[nodiscard]] std::vector<change> ready(bool linked, Waits&& waits) const {
        std::vector<change> out;
        for (const change& c : changes_) {
            if (c.through && c.linked == linked && !waits(*c.ends[0]) && !waits(*c.ends[1])) out.push_back(c);
        }
        return out;
    }
    /// All of them, with those that were cancelled.
    [[nodiscard]] const std::vector<change>& all() const noexcept { return changes_; }
    /// They were written, or are not wanted any more.
    void accept(const std::vector<change>& written) noexcept;
    [[nodiscard]] bool empty() const noexcept { return positions_.empty(); }
    void clear() noexcept {
        changes_.clear();
        positions_.clear();
    }

private:
    struct link {
        const association* through;
        const node* first;
        const node* second;
        [[nodiscard]] bool operator==(const link&) const noexcept = default;
    };
    struct link_hash {
        [[nodiscard]] std::size_t operator()(const link& l) const noexcept;
    };
    [[nodiscard]] static link key_of(const change& c) noexcept { return {c.through, c.ends[0], c.ends[1]}; }
    void put(const change& c);

    std::vector<change> changes_;
    std::unordered_map<link, std::size_t, link_hash> positions_; // in changes_
};

} // namespace kin::detail
