// SPDX-License-Identifier: MIT
#include "row_order.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "row_cells.hpp"

namespace kin::detail {

namespace {

template <class Number> int order(Number a, Number b) noexcept { return a < b ? -1 : a > b ? 1 : 0; }

bool comes_before(const cell* a, const cell* b, std::size_t columns) noexcept {
    for (std::size_t i = 0; i < columns; ++i) {
        if (const int order = compare(a[i], b[i]); order != 0) return order < 0;
    }
    return false;
}

bool is_sorted(std::span<node* const> objects, std::size_t columns) {
    cell first[most_key_columns], second[most_key_columns];
    cell* before = first;
    cell* now = second;
    scratch memory;
    row_key(*objects.front(), before, memory);
    for (node* n : objects.subspan(1)) {
        row_key(*n, now, memory);
        if (comes_before(now, before, columns)) return false;
        std::swap(before, now);
    }
    return true;
}

} // namespace

int compare(const cell& a, const cell& b) noexcept {
    if (a.kind != b.kind) return order(a.kind, b.kind);
    if (a.is_bytes()) return a.bytes().compare(b.bytes());
    return a.kind == cell_kind::real ? order(a.real, b.real) : order(a.integer, b.integer);
}

void sort_by_key(std::span<node*> objects) {
    if (objects.size() < 2) return;
    const std::size_t columns = objects.front()->type->key().size();
    if (is_sorted(objects, columns)) return;
    std::vector<cell> keys(objects.size() * columns);
    std::vector<std::pair<const cell*, node*>> sorted;
    sorted.reserve(objects.size());
    scratch memory;
    for (node* n : objects) {
        cell* key = keys.data() + sorted.size() * columns;
        row_key(*n, key, memory);
        sorted.emplace_back(key, n);
    }
    std::sort(sorted.begin(), sorted.end(),
              [&](const auto& a, const auto& b) { return comes_before(a.first, b.first, columns); });
    for (std::size_t i = 0; i < sorted.size(); ++i) objects[i] = sorted[i].second;
}

} // namespace kin::detail
