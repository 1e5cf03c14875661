// SPDX-License-Identifier: MIT
#include "kin/mapping/has_many.hpp"

#include <algorithm>
#include <string>

#include "kin/base/error.hpp"
#include "link.hpp"

namespace kin::detail {

namespace {

std::uintptr_t link_to(node& n) noexcept { return reinterpret_cast<std::uintptr_t>(&n) | 1; }

} // namespace

has_many_base::has_many_base(const has_many_base& other) {
    other.ensure_loaded();
    slots_.reserve(other.slots_.size());
    for (std::size_t i = 0; i < other.slots_.size(); ++i) push_loose(other.slot(i));
}

has_many_base::has_many_base(has_many_base&& other) {
    if (other.relation_) {
        has_many_base copy(static_cast<const has_many_base&>(other));
        slots_.swap(copy.slots_);
    } else {
        slots_.swap(other.slots_);
    }
}

has_many_base& has_many_base::operator=(const has_many_base& other) {
    if (this == &other) return *this;
    other.ensure_loaded();
    std::vector<node*> nodes;
    nodes.reserve(other.slots_.size());
    for (std::size_t i = 0; i < other.slots_.size(); ++i) nodes.push_back(other.slot(i));
    assign_nodes(nodes);
    return *this;
}

has_many_base& has_many_base::operator=(has_many_base&& other) {
    return *this = static_cast<const has_many_base&>(other);
}

has_many_base::~has_many_base() { release_loose(); }

void has_many_base::release_loose() noexcept {
    if (relation_) return;
    for (std::size_t i = 0; i < slots_.size(); ++i) release(*slot(i));
    slots_.clear();
}

node& has_many_base::owner() const noexcept {
    return *node::of(reinterpret_cast<const char*>(this) - relation_->offset);
}

void has_many_base::load() const {
    node& n = owner();
    if (!n.context) {
        throw detached_instance(
            {.code = "detached_instance",
             .message = relation_->qualified_name() +
                        " is not loaded, and the object is in no session any more that could load it; "
                        "read it while the session lives, or ask for it in the query: "
                        ".with(kin::selectin<&" +
                        relation_->owner->class_name() + "::" + relation_->name + ">)",
             .sql = {},
             .table = relation_->owner->table().name()});
    }
    n.context->load(n, *relation_);
}

void has_many_base::reserve_one() const {
    if (slots_.size() == slots_.capacity()) slots_.reserve(slots_.empty() ? 4 : slots_.size() * 2);
}

void has_many_base::push_link(node& n) const { slots_.push_back(link_to(n)); }

void has_many_base::insert_link(std::size_t position, node& n) const {
    slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(std::min(position, slots_.size())),
                  link_to(n));
}

void has_many_base::erase_slot(std::size_t position) const noexcept {
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(position));
}

void has_many_base::unload() const {
    const relationship& side = *relation_->inverse;
    std::erase_if(slots_, [&side](std::uintptr_t word) {
        const node& child = *node_of(word);
        return has_row(child) && !child.has(node_flag::inserted) && !foreign_key_changed(child, side);
    });
    loaded_ = false;
}

std::size_t has_many_base::find(const node& n) const noexcept {
    const std::uintptr_t word = reinterpret_cast<std::uintptr_t>(&n) | 1;
    for (std::size_t i = slots_.size(); i-- > 0;) {
        if (slots_[i] == word) return i;
    }
    return slots_.size();
}

std::vector<node*> has_many_base::take_loose() {
    std::vector<node*> nodes;
    nodes.reserve(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) nodes.push_back(slot(i));
    slots_.clear();
    return nodes;
}

void has_many_base::push_loose(node* n) {
    if (!n) fail_null_ref("has_many [T = object");
    slots_.push_back(reinterpret_cast<std::uintptr_t>(n));
    acquire(*n);
}

void has_many_base::push_back_node(node* n) {
    if (!n) fail_null_ref("has_many [T = object");
    if (relation_) {
        set_parent(*n, *relation_->inverse, &owner());
    } else if (!contains_node(n)) {
        push_loose(n);
    }
}

void has_many_base::insert_node(std::size_t position, node* n) {
    ensure_loaded();
    push_back_node(n);
    const std::size_t from = relation_ ? find(*n) : slots_.size() - 1;
    if (from <= position || from >= slots_.size()) return;
    const auto first = slots_.begin();
    std::rotate(first + static_cast<std::ptrdiff_t>(position), first + static_cast<std::ptrdiff_t>(from),
                first + static_cast<std::ptrdiff_t>(from) + 1);
}

bool has_many_base::erase_node(node* n) {
    if (!n || !contains_node(n)) return false;
    if (relation_) {
        set_parent(*n, *relation_->inverse, nullptr);
        return true;
    }
    const auto at = std::find(slots_.begin(), slots_.end(), reinterpret_cast<std::uintptr_t>(n));
    slots_.erase(at);
    release(*n);
    return true;
}

bool has_many_base::contains_node(node* n) const {
    if (!n) return false;
    if (relation_) {
        const relationship& side = *relation_->inverse;
        if (n->type != side.owner) return false;
        freshen(*n);
        node* parent = known_parent(*n, side);
        return parent == &owner() || (!parent && !side.targets_primary_key && names(*n, side, owner()));
    }
    return std::find(slots_.begin(), slots_.end(), reinterpret_cast<std::uintptr_t>(n)) != slots_.end();
}

void has_many_base::clear() { assign_nodes({}); }

void has_many_base::assign_nodes(const std::vector<node*>& nodes) {
    // The refs keep everybody alive while links go and come.
    std::vector<any_ref> keep;
    for (node* n : nodes) {
        if (!n) fail_null_ref("has_many [T = object");
        keep.emplace_back(n);
    }
    ensure_loaded();
    if (!relation_) {
        release_loose();
        for (node* n : nodes) push_loose(n);
        return;
    }
    for (std::size_t i = slots_.size(); i-- > 0;) {
        node& n = *slot(i);
        if (std::find(nodes.begin(), nodes.end(), &n) == nodes.end())
            set_parent(n, *relation_->inverse, nullptr);
    }
    for (node* n : nodes) set_parent(*n, *relation_->inverse, &owner());
    std::vector<std::uintptr_t> ordered;
    ordered.reserve(slots_.size());
    for (node* n : nodes) {
        if (std::find(ordered.begin(), ordered.end(), link_to(*n)) == ordered.end())
            ordered.push_back(link_to(*n));
    }
    slots_.swap(ordered);
}

} // namespace kin::detail
