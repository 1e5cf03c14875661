// SPDX-License-Identifier: MIT
#include "undo_log.hpp"

#include <algorithm>

namespace kin::detail {

namespace {

/// Erases what `gone` says, and moves the savepoints' marks in that list along.
template <class T, class F>
void erase(std::vector<T>& list, std::vector<undo_log::savepoint>& savepoints,
           std::size_t undo_log::mark::* position, F&& gone) {
    for (undo_log::savepoint& s : savepoints) {
        const auto end = list.begin() + static_cast<std::ptrdiff_t>(s.start.*position);
        s.start.*position -= static_cast<std::size_t>(std::count_if(list.begin(), end, gone));
    }
    std::erase_if(list, gone);
}

template <class T> void cut_at(std::vector<T>& list, std::size_t size) noexcept {
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(std::min(size, list.size())), list.end());
}

} // namespace

void undo_log::cut(const mark& m) noexcept {
    cut_at(links, m.links);
    cut_at(new_links, m.new_links);
    cut_at(associations, m.associations);
    cut_at(inserted, m.inserted);
    cut_at(updated, m.updated);
    cut_at(removed, m.removed);
    cut_at(expired, m.expired);
    cut_at(read, m.read);
    cut_at(loaded, m.loaded);
    cut_at(loose, m.loose);
    cut_at(made, m.made);
}

void undo_log::forget(const node& n) noexcept {
    const auto is_it = [&](const node* other) { return other == &n; };
    const auto links_it = [&](const link_change& c) {
        return c.child == &n || c.before == &n || c.after == &n;
    };
    const auto joins_it = [&](const association_change& c) { return c.owner == &n || c.other == &n; };
    const auto is_of_it = [&](const auto& m) { return m.owner == &n; };
    erase(links, savepoints, &mark::links, links_it);
    erase(new_links, savepoints, &mark::new_links, links_it);
    erase(associations, savepoints, &mark::associations, joins_it);
    erase(inserted, savepoints, &mark::inserted, is_it);
    erase(updated, savepoints, &mark::updated, is_it);
    erase(removed, savepoints, &mark::removed, is_it);
    erase(expired, savepoints, &mark::expired, is_it);
    erase(read, savepoints, &mark::read, is_it);
    erase(loaded, savepoints, &mark::loaded, is_of_it);
    erase(loose, savepoints, &mark::loose, is_of_it);
    erase(made, savepoints, &mark::made, is_of_it);
    for (savepoint& s : savepoints) s.rows.erase(const_cast<node*>(&n));
}

std::vector<const node*> undo_log::objects() const {
    std::vector<const node*> all;
    for (const auto* list : {&links, &new_links}) {
        for (const link_change& c : *list) all.insert(all.end(), {c.child, c.before, c.after});
    }
    for (const association_change& c : associations) all.insert(all.end(), {c.owner, c.other});
    for (const auto* list : {&inserted, &updated, &removed, &expired})
        all.insert(all.end(), list->begin(), list->end());
    for (const column_member& m : made) all.push_back(m.owner);
    for (const savepoint& s : savepoints) {
        for (const auto& [n, row] : s.rows) all.push_back(n);
        for (const association_changes::change& c : s.waiting.all())
            all.insert(all.end(), {c.ends[0], c.ends[1]});
    }
    std::erase(all, nullptr);
    return all;
}

void undo_log::forget_all() noexcept {
    cut({});
    for (savepoint& s : savepoints) {
        s.start = {};
        s.rows.clear();
        s.waiting.clear();
    }
}

} // namespace kin::detail
