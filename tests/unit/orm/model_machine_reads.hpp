// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "unit/orm/model_machine.hpp"

/// The operations of the machine that query, read objects again, or take them over from elsewhere.
namespace model_based {

/// All objects of one class: flushes what is pending, but decides about no orphan.
template <class Models> void machine<Models>::requery(const operation& o) {
    const int level = static_cast<int>(o.a % 3);
    const bool overwrites = o.b % 5 == 0;
    describe("query all " + std::string(names[static_cast<std::size_t>(level)]) + "s" +
             (overwrites ? " and overwrite them" : ""));
    const bool must_fail = has_post_without_user(false);
    std::vector<std::pair<int, const void*>> found;
    try {
        const auto all = [&](auto query) {
            bind_all(overwrites ? std::move(query).populate_existing().all() : query.all());
        };
        if (level == 0) all(session_->template query<User>().order_by(kin::col<&User::id>));
        if (level == 1) all(session_->template query<Post>().order_by(kin::col<&Post::id>));
        if (level == 2) all(session_->template query<Comment>().order_by(kin::col<&Comment::id>));
    } catch (const kin::error& e) {
        if (!must_fail) throw mismatch(std::string("the query failed: ") + e.what());
        failed_ = true;
        return;
    }
    expect(!must_fail, "a query wrote a post that has no user");
    written(false);
    if (overwrites) {
        for (item& x : items_)
            if (x.level == level) forget_changes(x);
    }
    check_database();
    std::vector<int> expected;
    for (const auto& [id, r] : database_[static_cast<std::size_t>(level)]) expected.push_back(id);
    expect(queried_.size() == expected.size() &&
               std::equal(expected.begin(), expected.end(), queried_.begin()),
           "the query gives other rows than the database has");
    bind_queried(level);
}

/// Unwritten changes are lost, in the object and, with a cascade, in those that it has in memory.
template <class Models> void machine<Models>::read_again(const operation& o) {
    const std::size_t i = choose(o.a, [&](const item& x) {
        return x.bound() && (x.state == life::persistent || x.state == life::removing);
    });
    if (i == nobody) return;
    const bool expires = o.what == operation::expire;
    describe((expires ? "expire " : "refresh ") + name(i));
    std::vector<std::size_t> read{i};
    if (items_[i].level == 0) {
        const User& user = *static_cast<const User*>(items_[i].user.raw()->object());
        for (std::size_t k = 0; k < user.posts.slot_count(); ++k)
            read.push_back(find(kin::detail::any_ref(user.posts.slot(k))));
    }
    expires ? session_->expire(items_[i].any()) : session_->refresh(items_[i].any());
    for (std::size_t k : read) forget_changes(items_[k]);
}

template <class Models> void machine<Models>::expire_all() {
    describe("expire all");
    session_->expire_all();
    for (item& x : items_) forget_changes(x);
}

/// A plain object with the key of a row.
template <class Models> void machine<Models>::merge(const operation& o) {
    // The flush before it deletes the posts of a removed user.
    const auto stays = [&](const item& x) {
        const bool goes = x.level == 1 && x.parent != nobody && items_[x.parent].state == life::removing;
        return x.state == life::persistent && !goes;
    };
    const std::size_t i = choose(o.a, stays);
    if (i == nobody) return;
    const bool must_fail = has_post_without_user(false);
    const std::string text = fresh_text();
    std::vector<std::size_t> wanted;
    std::string list;
    if (items_[i].level == 0 && items_[i].bound() && can_clear(items_[i])) {
        for (std::size_t k = 0; k < items_.size(); ++k) {
            if (items_[k].level != 1 || !items_[k].bound() || !stays(items_[k])) continue;
            if ((o.b + k) % 3 == 0) wanted.push_back(k);
        }
        for (std::size_t c : wanted) list += " " + name(c);
    }
    describe("merge " + name(i) + list);
    kin::detail::any_ref merged;
    try {
        if (items_[i].level == 0) {
            std::vector<kin::ref<Post>> posts;
            for (std::size_t c : wanted) posts.push_back(items_[c].post);
            merged = session_->merge(User{.id = items_[i].id, .name = text, .posts = posts});
        }
        if (items_[i].level == 1) merged = session_->merge(Post{.id = items_[i].id, .title = text});
        if (items_[i].level == 2) merged = session_->merge(Comment{.id = items_[i].id, .text = text});
    } catch (const kin::error& e) {
        if (!must_fail) throw mismatch(std::string("merge failed: ") + e.what());
        failed_ = true;
        return;
    }
    expect(!must_fail, "merge wrote a post that has no user");
    written(false);
    items_[i].text = text;
    expect(find_merged(i, merged), "merge gives another object than the session's own");
    if (wanted.empty()) return;
    for (std::size_t c : children_of(i)) {
        if (std::find(wanted.begin(), wanted.end(), c) == wanted.end()) left(items_[c]);
    }
    for (std::size_t c : wanted) {
        items_[c].parent = i;
        items_[c].orphan = false;
    }
}

/// An object of a session that is closed, and what it is linked to.
template <class Models>
void machine<Models>::merge_detached(std::size_t i, const kin::detail::any_ref& old, const operation& o) {
    described_ += o.a % 3 == 0 ? ", change and merge " + name(i) : ", merge " + name(i);
    item source;
    assign_ref(source, items_[i].level, old);
    if (o.a % 3 == 0) {
        source.text = items_[i].text = fresh_text();
        set_text(source);
    }
    counter_.reset();
    const bool loads = o.a % 3 != 1;
    kin::detail::any_ref merged;
    if (source.user) merged = session_->merge(source.user, {.load = loads});
    if (source.post) merged = session_->merge(source.post, {.load = loads});
    if (source.comment) merged = session_->merge(source.comment, {.load = loads});
    expect(loads || counter_.count() == 0, "a merge that shall not load sends statements");
    expect(merged.raw() != old.raw(), "merge gives the object of another session");
    expect(find_merged(i, merged), "merge gives an object for another row");
    expect(session_->has_changes() == (o.a % 3 == 0), "what a merge changes is not what was changed");
}
template <class Models> bool machine<Models>::find_merged(std::size_t i, const kin::detail::any_ref& merged) {
    if (!items_[i].bound()) assign_ref(items_[i], items_[i].level, merged);
    return items_[i].any().raw() == merged.raw();
}

/// The item is what its row says.
template <class Models> void machine<Models>::forget_changes(item& x) {
    if (x.state != life::persistent && x.state != life::removing) return;
    const row& r = database_[static_cast<std::size_t>(x.level)].at(x.id);
    x.text = r.first;
    x.orphan = false;
    x.parent = nobody;
    for (std::size_t p = 0; r.second && p < items_.size(); ++p) {
        const bool has_row = items_[p].state == life::persistent || items_[p].state == life::removing;
        if (has_row && items_[p].level == x.level - 1 && items_[p].id == *r.second) x.parent = p;
    }
}

} // namespace model_based
