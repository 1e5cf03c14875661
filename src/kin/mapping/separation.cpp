// SPDX-License-Identifier: MIT
#include "separation.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#include "kin/mapping/link.hpp"
#include "kin/mapping/object_context.hpp"
#include "pool.hpp"

namespace kin::detail {

namespace {

/// The objects of a pool in the graphs that their links make.
class graphs {
public:
    explicit graphs(pool& home) {
        home.for_each([&](node& n) {
            position_.emplace(&n, objects_.size());
            objects_.push_back(&n);
        });
        parent_.resize(objects_.size());
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
        for (node* n : objects_) {
            for (const relationship& r : n->type->relationships()) join_along(*n, r);
        }
        keepers_.resize(objects_.size());
        for (const node* n : objects_) {
            if (n->context) keeper_of(*n) = {n, true};
        }
        for (const node* n : home.holder()->remembered()) {
            if (position_.contains(n) && !keeper_of(*n)) keeper_of(*n) = {n, false};
        }
    }
    [[nodiscard]] keeper& keeper_of(const node& n) { return keepers_[root_of(position_.at(&n))]; }
    /// Those that nothing keeps and a ref from outside holds, and that of `wanted`.
    [[nodiscard]] std::vector<std::vector<node*>> free_ones(const node& wanted) {
        std::unordered_map<std::size_t, std::vector<node*>> by_root;
        for (std::size_t i = 0; i < objects_.size(); ++i) {
            if (!keepers_[root_of(i)]) by_root[root_of(i)].push_back(objects_[i]);
        }
        std::vector<std::vector<node*>> free;
        for (auto& [root, graph] : by_root) {
            const bool is_held = std::any_of(graph.begin(), graph.end(),
                                             [&](const node* n) { return n->refs != 0 || n == &wanted; });
            if (is_held) free.push_back(std::move(graph));
        }
        return free;
    }

private:
    void join_along(node& n, const relationship& r) {
        if (r.is_reference()) {
            if (const node* target = reference_of(n, r).known()) join(n, *target);
            return;
        }
        const collection_base& many = collection_of(n, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) join(n, *many.slot(i));
    }
    void join(const node& a, const node& b) {
        parent_[root_of(position_.at(&a))] = root_of(position_.at(&b));
    }
    [[nodiscard]] std::size_t root_of(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }

    std::vector<node*> objects_;
    std::unordered_map<const node*, std::size_t> position_; // in objects_
    std::vector<std::size_t> parent_;                       // towards the root of the graph
    std::vector<keeper> keepers_;                           // of roots
};

} // namespace

keeper kept_by(node& n) {
    pool* home = home_of(n);
    if (!home || !home->holder()) return {};
    graphs all(*home);
    if (const keeper found = all.keeper_of(n)) return found;
    for (const std::vector<node*>& graph : all.free_ones(n)) home->split_off(graph);
    return {};
}

} // namespace kin::detail
