// SPDX-License-Identifier: MIT
#include "unique_conflicts.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>

#include "identity_map.hpp"
#include "kin/base/scratch.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/member.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

namespace {

/// The objects of one class that a flush writes.
struct writes {
    const mapper* type = nullptr;
    std::vector<node*> inserts = {};
    std::vector<node*> changed = {};
    std::vector<node*> removing = {};
    [[nodiscard]] bool may_conflict() const noexcept {
        const bool frees = !changed.empty() || !removing.empty();
        return frees && (!changed.empty() || !inserts.empty());
    }
};

std::vector<writes> by_class(const std::vector<node*>& inserts, const std::vector<node*>& changed,
                             const std::vector<node*>& removing) {
    std::vector<writes> all;
    const auto of = [&](const mapper* m) -> writes& {
        for (writes& w : all) {
            if (w.type == m) return w;
        }
        return all.emplace_back(writes{m});
    };
    for (node* n : changed) of(n->type).changed.push_back(n);
    for (node* n : removing) of(n->type).removing.push_back(n);
    if (all.empty()) return all;
    for (node* n : inserts) of(n->type).inserts.push_back(n);
    return all;
}

/// Some columns of rows, as the database has them and as they will be.
class row_values {
public:
    explicit row_values(const std::vector<std::uint32_t>& columns)
        : columns_(columns),
          before_(columns.size()),
          after_(columns.size()) {}

    void read_before(const node& n) {
        if (!n.image) {
            read(n, before_);
            return;
        }
        for (std::size_t i = 0; i < columns_.size(); ++i) before_[i] = n.image->current.cells()[columns_[i]];
    }
    void read_after(const node& n) {
        read(n, after_);
        // A foreign key to an object that gets its own in this flush cannot have been there before. One to a row whose key changes
        // in this flush is compared by the old key, as those that refer to that row now have it.
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_reference()) continue;
            const node* target = reference_of(const_cast<node&>(n), r).known();
            if (!target) continue;
            if (!has_key(*target)) {
                take(r, [](const relationship::key_pair&) { return cell(); });
            } else {
                take(r, [&](const relationship::key_pair& k) {
                    if (target->image) return target->image->current.cells()[k.referenced];
                    return member_cell(*target, target->type->properties()[k.referenced], memory_);
                });
            }
        }
    }
    [[nodiscard]] bool same() const {
        return std::equal(before_.begin(), before_.end(), after_.begin(),
                          [](const cell& a, const cell& b) { return a.same_as(b); });
    }
    /// Empty with a NULL among them: NULLs never collide.
    [[nodiscard]] std::string before() const { return text_of(before_); }
    [[nodiscard]] std::string after() const { return text_of(after_); }
    void forget_texts() noexcept { memory_.clear(); }

private:
    void read(const node& n, std::vector<cell>& out) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const property& p = n.type->properties()[columns_[i]];
            p.encode(member_of(n, p), encoder{out[i], memory_});
        }
    }
    template <class F> void take(const relationship& r, F&& key) {
        for (const relationship::key_pair& k : r.keys) {
            const auto at = std::find(columns_.begin(), columns_.end(), k.foreign);
            if (at != columns_.end()) after_[static_cast<std::size_t>(at - columns_.begin())] = key(k);
        }
    }
    [[nodiscard]] static std::string text_of(const std::vector<cell>& values) {
        const bool has_null =
            std::any_of(values.begin(), values.end(), [](const cell& c) { return c.is_null(); });
        return has_null ? std::string() : written_key(values);
    }

    const std::vector<std::uint32_t>& columns_;
    std::vector<cell> before_;
    std::vector<cell> after_;
    scratch memory_;
};

/// The columns as bits of row_image::differing; 0 when that does not tell whether they change: one bit stands for all columns from the
/// 64th on, and a reference may still bring a key.
std::uint64_t telling_bits(const mapper& m, const std::vector<std::uint32_t>& columns) {
    std::uint64_t bits = 0;
    for (const std::uint32_t c : columns) {
        if (c >= 63 || m.properties()[c].foreign_target) return 0;
        bits |= std::uint64_t{1} << c;
    }
    return bits;
}

void find_in_class(const writes& w, const std::vector<std::uint32_t>& columns, bool primary_key,
                   std::vector<unique_conflict>& found) {
    row_values row(columns);
    std::unordered_map<std::string, node*> freed;
    std::vector<std::pair<node*, std::string>> taken;
    const auto take = [&](node* n, std::string value) {
        if (!value.empty()) taken.emplace_back(n, std::move(value));
    };
    const std::uint64_t bits = telling_bits(*w.type, columns);
    for (node* n : w.changed) {
        if (bits != 0 && n->image && (n->image->differing & bits) == 0) continue;
        row.forget_texts();
        row.read_before(*n);
        row.read_after(*n);
        if (row.same()) continue;
        if (std::string before = row.before(); !before.empty()) freed.emplace(std::move(before), n);
        take(n, row.after());
    }
    for (node* n : w.removing) {
        row.forget_texts();
        row.read_before(*n);
        if (std::string before = row.before(); !before.empty()) freed.emplace(std::move(before), n);
    }
    if (freed.empty()) return;
    for (node* n : w.inserts) {
        if (primary_key && !has_key(*n)) continue;
        row.forget_texts();
        row.read_after(*n);
        take(n, row.after());
    }
    for (const auto& [n, value] : taken) {
        const auto at = freed.find(value);
        if (at != freed.end() && at->second != n) found.push_back({at->second, n, columns, primary_key});
    }
}

} // namespace

std::vector<std::vector<std::uint32_t>> unique_keys(const mapper& m) {
    std::vector<std::vector<std::uint32_t>> keys{m.key()};
    for (const unique_constraint& u : m.table().uniques) keys.push_back(u.columns);
    for (const index_definition& i : m.table().indexes) {
        if (i.unique) keys.push_back(i.columns);
    }
    return keys;
}

std::vector<unique_conflict> find_unique_conflicts(const std::vector<node*>& inserts,
                                                   const std::vector<node*>& changed,
                                                   const std::vector<node*>& removing) {
    std::vector<unique_conflict> found;
    for (const writes& w : by_class(inserts, changed, removing)) {
        if (!w.may_conflict()) continue;
        bool primary_key = true; // the first of unique_keys()
        for (const std::vector<std::uint32_t>& columns : unique_keys(*w.type)) {
            find_in_class(w, columns, primary_key, found);
            primary_key = false;
        }
    }
    return found;
}

} // namespace kin::detail
