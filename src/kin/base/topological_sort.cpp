// SPDX-License-Identifier: MIT
#include "kin/base/topological_sort.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace kin {

namespace {

using edge = std::pair<std::size_t, std::size_t>;

/// Successors of all items in two flat arrays.
struct graph {
    std::vector<std::size_t> first; // of item i: targets[first[i]] .. targets[first[i + 1]]
    std::vector<std::size_t> targets;
    std::vector<std::size_t> predecessors; // how many are not placed yet

    graph(std::size_t n, std::span<const edge> edges) : first(n + 1), predecessors(n) {
        for (const auto& [before, after] : edges)
            if (before != after) ++first[before + 1];
        for (std::size_t i = 0; i < n; ++i) first[i + 1] += first[i];
        targets.resize(first[n]);
        std::vector<std::size_t> next(first.begin(), first.end() - 1);
        for (const auto& [before, after] : edges) {
            if (before == after) continue;
            targets[next[before]++] = after;
            ++predecessors[after];
        }
    }
};

/// Finds the items that can reach themselves: strongly connected components of two and more (Tarjan, without recursion).
class ring_finder {
public:
    explicit ring_finder(const graph& g)
        : graph_(g),
          number_(g.predecessors.size()),
          low_(number_.size()),
          open_(number_.size()),
          first_(number_.size()) {
        for (std::size_t i = 0; i < number_.size(); ++i)
            if (number_[i] == 0) visit(i);
    }

    /// The first item of the ring that `item` is in; itself when it is in none.
    [[nodiscard]] std::size_t first_of_ring(std::size_t item) const noexcept { return first_[item]; }
    [[nodiscard]] std::vector<std::size_t> members() const {
        std::vector<std::size_t> sorted = members_;
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }

private:
    struct step {
        std::size_t item;
        std::size_t next; // index into graph_.targets
    };

    void visit(std::size_t root) {
        std::vector<step> path;
        enter(path, root);
        while (!path.empty()) {
            auto& [item, next] = path.back();
            if (next == graph_.first[item + 1]) {
                const std::size_t done = item;
                path.pop_back();
                if (!path.empty()) low_[path.back().item] = std::min(low_[path.back().item], low_[done]);
                if (low_[done] == number_[done]) close(done);
                continue;
            }
            const std::size_t target = graph_.targets[next++];
            if (number_[target] == 0)
                enter(path, target);
            else if (open_[target])
                low_[item] = std::min(low_[item], number_[target]);
        }
    }

    void enter(std::vector<step>& path, std::size_t item) {
        number_[item] = low_[item] = ++count_;
        open_[item] = true;
        stack_.push_back(item);
        path.push_back({item, graph_.first[item]});
    }

    void close(std::size_t root) {
        const auto from = std::find(stack_.rbegin(), stack_.rend(), root).base() - 1;
        const std::size_t first = *std::min_element(from, stack_.end());
        for (auto item = from; item != stack_.end(); ++item) {
            open_[*item] = false;
            first_[*item] = first;
        }
        if (stack_.end() - from > 1) members_.insert(members_.end(), from, stack_.end());
        stack_.erase(from, stack_.end());
    }

    const graph& graph_;
    std::vector<std::size_t> number_; // order of first visit, from 1
    std::vector<std::size_t> low_;
    std::vector<bool> open_;
    std::vector<std::size_t> first_;
    std::vector<std::size_t> stack_;
    std::vector<std::size_t> members_;
    std::size_t count_ = 0;
};

/// Every ring as one item, in the place of its first one.
std::vector<std::size_t> sort_around(const ring_finder& rings, std::size_t n, std::span<const edge> edges) {
    std::vector<edge> between;
    for (const auto& [before, after] : edges)
        between.emplace_back(rings.first_of_ring(before), rings.first_of_ring(after));
    std::vector<std::vector<std::size_t>> members(n);
    for (std::size_t i = 0; i < n; ++i) members[rings.first_of_ring(i)].push_back(i);
    std::vector<std::size_t> order;
    order.reserve(n);
    for (const std::size_t i : topological_sort(n, between))
        order.insert(order.end(), members[i].begin(), members[i].end());
    return order;
}

} // namespace

std::vector<std::size_t> topological_sort(std::size_t n, std::span<const edge> edges,
                                          std::vector<std::size_t>* cycle) {
    graph g(n, edges);
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < n; ++i)
        if (g.predecessors[i] == 0) ready.push(i);

    std::vector<std::size_t> order;
    order.reserve(n);
    while (!ready.empty()) {
        const std::size_t item = ready.top();
        ready.pop();
        order.push_back(item);
        for (std::size_t t = g.first[item]; t < g.first[item + 1]; ++t)
            if (--g.predecessors[g.targets[t]] == 0) ready.push(g.targets[t]);
    }

    if (cycle != nullptr) cycle->clear();
    if (order.size() == n) return order;
    const ring_finder rings(g);
    if (cycle != nullptr) *cycle = rings.members();
    return sort_around(rings, n, edges);
}

} // namespace kin
