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

/// Marks the items that can reach themselves: strongly connected components of two and more (Tarjan, without recursion).
class ring_finder {
public:
    explicit ring_finder(const graph& g)
        : graph_(g),
          number_(g.predecessors.size()),
          low_(number_.size()),
          open_(number_.size()) {}

    std::vector<std::size_t> members() {
        for (std::size_t i = 0; i < number_.size(); ++i)
            if (number_[i] == 0) visit(i);
        std::sort(members_.begin(), members_.end());
        return std::move(members_);
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
        const bool is_ring = stack_.back() != root;
        while (true) {
            const std::size_t item = stack_.back();
            stack_.pop_back();
            open_[item] = false;
            if (is_ring) members_.push_back(item);
            if (item == root) return;
        }
    }

    const graph& graph_;
    std::vector<std::size_t> number_; // order of first visit, from 1
    std::vector<std::size_t> low_;
    std::vector<bool> open_;
    std::vector<std::size_t> stack_;
    std::vector<std::size_t> members_;
    std::size_t count_ = 0;
};

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
    for (std::size_t i = 0; i < n; ++i)
        if (g.predecessors[i] != 0) order.push_back(i);
    if (cycle != nullptr) *cycle = ring_finder(g).members();
    return order;
}

} // namespace kin
