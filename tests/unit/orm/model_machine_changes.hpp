// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unit/orm/model_machine.hpp"

/// The operations of the machine that change objects and link them.
namespace model_based {

template <class Models> void machine<Models>::make(const operation& o) {
    item made;
    made.level = static_cast<int>(o.a % 3);
    made.text = fresh_text();
    if (made.level != 0 && o.b % 2 == 0) {
        made.parent = choose(o.c, [&](const item& i) { return i.level == made.level - 1 && can_take(i); });
    }
    describe("make " + std::string(names[static_cast<std::size_t>(made.level)]) +
             (made.parent == nobody ? "" : " in " + name(made.parent)));
    item* parent = made.parent == nobody ? nullptr : &items_[made.parent];
    if (made.level == 0) made.user = kin::make(User{.name = made.text});
    if (made.level == 1)
        made.post = kin::make(Post{.title = made.text, .user = parent ? parent->user : nullptr});
    if (made.level == 2)
        made.comment = kin::make(Comment{.text = made.text, .post = parent ? parent->post : nullptr});
    items_.push_back(made);
    if (parent) settle_sessions(items_.size() - 1);
}

template <class Models> void machine<Models>::add(const operation& o) {
    const std::size_t i = choose(o.a, [](const item& x) { return x.usable(); });
    if (i == nobody) return;
    describe("add " + name(i));
    item& x = items_[i];
    if (x.level == 0) session_->add(x.user);
    if (x.level == 1) session_->add(x.post);
    if (x.level == 2) session_->add(x.comment);
    take_in(i);
}

template <class Models> void machine<Models>::link(const operation& o) {
    const std::size_t c = choose(o.a, [](const item& x) { return x.usable() && x.level != 0; });
    if (c == nobody) return;
    const std::size_t p =
        choose(o.b, [&](const item& x) { return x.level == items_[c].level - 1 && can_take(x); });
    if (p == nobody) return;
    const bool by_child = o.what == operation::link_by_child;
    describe((by_child ? "link by child " : "link by parent ") + name(c) + " to " + name(p));
    item& child = items_[c];
    item& parent = items_[p];
    if (child.level == 1) {
        if (by_child)
            child.post->user = parent.user;
        else if (o.c % 4 == 0)
            parent.user->posts.insert(0, child.post);
        else
            parent.user->posts.push_back(child.post);
    } else {
        if (by_child)
            child.comment->post = parent.post;
        else if (o.c % 4 == 0)
            parent.post->comments.insert(0, child.comment);
        else
            parent.post->comments.push_back(child.comment);
    }
    child.parent = p;
    child.orphan = false;
    settle_sessions(c);
}

template <class Models> void machine<Models>::unlink(const operation& o) {
    const std::size_t c = choose(o.a, [&](const item& x) {
        return x.usable() && x.parent != nobody && items_[x.parent].usable() && can_leave(x);
    });
    if (c == nobody) return;
    const bool by_child = o.what == operation::unlink_by_child;
    describe((by_child ? "unlink by child " : "unlink by parent ") + name(c));
    item& child = items_[c];
    item& parent = items_[child.parent];
    bool done = true;
    if (child.level == 1) {
        if (by_child)
            child.post->user = nullptr;
        else
            done = parent.user->posts.erase(child.post);
    } else {
        if (by_child)
            child.comment->post = nullptr;
        else
            done = parent.post->comments.erase(child.comment);
    }
    expect(done, "erase() says that the child is not in the collection");
    left(child);
}

/// The foreign key as a plain value; the relationship follows.
template <class Models> void machine<Models>::key_by_hand(const operation& o) {
    const std::size_t c = choose(o.a, [&](const item& x) {
        return x.bound() && x.level != 0 && (x.state == life::pending || x.state == life::persistent);
    });
    if (c == nobody) return;
    item& child = items_[c];
    std::size_t p = choose(o.b, [&](const item& x) {
        return x.level == child.level - 1 && x.state == life::persistent && can_take_unbound(x);
    });
    if (child.level == 2 && o.c % 4 == 0) p = nobody;
    if (child.level == 1 && p == nobody) return;
    // NULL over NULL is no change that anybody could see: the parent has no key yet.
    if (p == nobody && child.parent != nobody && items_[child.parent].id == 0) return;
    describe("set the key of " + name(c) + " to " + (p == nobody ? "NULL" : name(p)));
    if (child.level == 1) child.post->user_id = items_[p].id;
    if (child.level == 2 && p == nobody) child.comment->post_id = std::nullopt;
    if (child.level == 2 && p != nobody) child.comment->post_id = items_[p].id;
    child.parent = p;
    child.orphan = false;
    check_parent(c, true);
}

template <class Models> void machine<Models>::modify(const operation& o) {
    const std::size_t i = choose(o.a, [](const item& x) { return x.usable(); });
    if (i == nobody) return;
    item& x = items_[i];
    const std::string before = x.text;
    const bool back = o.what == operation::modify_and_back;
    describe((back ? "modify and change back " : "modify ") + name(i));
    x.text = fresh_text();
    set_text(x);
    if (!back) return;
    x.text = before;
    set_text(x);
}

template <class Models> void machine<Models>::remove(const operation& o) {
    const std::size_t i = choose(o.a, [&](const item& x) {
        return x.bound() && x.state == life::persistent && !x.orphan && can_remove(x);
    });
    if (i == nobody) return;
    describe("remove " + name(i));
    session_->remove(items_[i].any());
    items_[i].state = life::removing;
    if (items_[i].level == 0) {
        for (item& x : items_)
            if (x.level == 1 && x.parent == i && x.state == life::persistent) x.state = life::removing;
    }
}

template <class Models> void machine<Models>::clear(const operation& o) {
    const std::size_t p =
        choose(o.a, [&](const item& x) { return x.level != 2 && x.usable() && can_clear(x); });
    if (p == nobody) return;
    describe("clear the collection of " + name(p));
    items_[p].level == 0 ? items_[p].user->posts.clear() : items_[p].post->comments.clear();
    for (std::size_t c : children_of(p)) left(items_[c]);
}

template <class Models> void machine<Models>::assign(const operation& o) {
    const std::size_t p =
        choose(o.a, [&](const item& x) { return x.level != 2 && x.usable() && can_take(x) && can_clear(x); });
    if (p == nobody) return;
    std::vector<std::size_t> wanted;
    std::uint32_t draw = o.b;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i].level != items_[p].level + 1 || !items_[i].usable()) continue;
        if (draw % 3 == 0) wanted.push_back(i);
        draw = draw * 1664525 + 1013904223;
    }
    std::string list;
    for (std::size_t c : wanted) list += " " + name(c);
    describe("assign to the collection of " + name(p) + ":" + list);
    if (items_[p].level == 0) {
        std::vector<kin::ref<Post>> refs;
        for (std::size_t c : wanted) refs.push_back(items_[c].post);
        items_[p].user->posts = refs;
    } else {
        std::vector<kin::ref<Comment>> refs;
        for (std::size_t c : wanted) refs.push_back(items_[c].comment);
        items_[p].post->comments = refs;
    }
    for (std::size_t c : children_of(p)) {
        if (std::find(wanted.begin(), wanted.end(), c) == wanted.end()) left(items_[c]);
    }
    for (std::size_t c : wanted) {
        items_[c].parent = p;
        items_[c].orphan = false;
        settle_sessions(c);
    }
}

} // namespace model_based
