// SPDX-License-Identifier: MIT
#include "kin/mapping/collection.hpp"

#include <algorithm>
#include <string>

#include "association_link.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/attribute.hpp"
#include "link.hpp"

namespace kin::detail {

namespace {

std::uintptr_t link_to(node& n) noexcept { return reinterpret_cast<std::uintptr_t>(&n) | 1; }

} // namespace

collection_base::collection_base(const collection_base& other) {
    other.ensure_loaded();
    slots_.reserve(other.slots_.size());
    for (std::size_t i = 0; i < other.slots_.size(); ++i) push_loose(other.slot(i));
}

collection_base::collection_base(collection_base&& other) {
    if (other.relation_) {
        collection_base copy(static_cast<const collection_base&>(other));
        slots_.swap(copy.slots_);
    } else {
        slots_.swap(other.slots_);
    }
}

collection_base& collection_base::operator=(const collection_base& other) {
    if (this == &other) return *this;
    other.ensure_loaded();
    std::vector<node*> nodes;
    nodes.reserve(other.slots_.size());
    for (std::size_t i = 0; i < other.slots_.size(); ++i) nodes.push_back(other.slot(i));
    assign_nodes(nodes);
    return *this;
}

collection_base& collection_base::operator=(collection_base&& other) {
    return *this = static_cast<const collection_base&>(other);
}

collection_base::~collection_base() { release_loose(); }

void collection_base::fail_no_such_key(const call_place& where) const {
    no_result_found e(
        {.code = "no_result_found",
         .message = (relation_ ? relation_->qualified_name() : std::string("the map")) +
                    " has no object with this key; use find(), which gives a null reference, when "
                    "there may be none",
         .sql = {}});
    e.locate(where);
    throw e;
}

void collection_base::release_loose() noexcept {
    if (relation_) return;
    for (std::size_t i = 0; i < slots_.size(); ++i) release(*slot(i));
    slots_.clear();
}

void collection_base::prepare() const {
    node& n = owner();
    if (has_edits()) follow_edits(*n.home);
    if (loaded_) return;
    if (!n.context) fail_not_loaded(*relation_);
    n.context->load(n, *relation_);
}

void collection_base::reserve_one() const {
    if (slots_.size() == slots_.capacity()) slots_.reserve(slots_.empty() ? 4 : slots_.size() * 2);
}

void collection_base::push_link(node& n) const { slots_.push_back(link_to(n)); }

void collection_base::insert_link(std::size_t position, node& n) const {
    slots_.insert(slots_.begin() + static_cast<std::ptrdiff_t>(std::min(position, slots_.size())),
                  link_to(n));
}

void collection_base::erase_slot(std::size_t position) const noexcept {
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(position));
}

std::size_t collection_base::find(const node& n) const noexcept {
    const std::uintptr_t word = reinterpret_cast<std::uintptr_t>(&n) | 1;
    for (std::size_t i = slots_.size(); i-- > 0;) {
        if (slots_[i] == word) return i;
    }
    return slots_.size();
}

std::vector<node*> collection_base::take_loose() {
    std::vector<node*> nodes;
    nodes.reserve(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) nodes.push_back(slot(i));
    slots_.clear();
    return nodes;
}

void collection_base::push_loose(node* n) {
    if (!n) fail_null_ref("has_many [T = object");
    slots_.push_back(reinterpret_cast<std::uintptr_t>(n));
    acquire(*n);
}

void collection_base::push_back_node(node* n) {
    if (!n) fail_null_ref("has_many [T = object");
    if (relation_) {
        link(owner(), *relation_, *n);
    } else if (!contains_node(n)) {
        push_loose(n);
    }
}

void collection_base::insert_node(std::size_t position, node* n) {
    ensure_loaded();
    push_back_node(n);
    const std::size_t from = relation_ ? find(*n) : slots_.size() - 1;
    if (from <= position || from >= slots_.size()) return;
    const auto first = slots_.begin();
    std::rotate(first + static_cast<std::ptrdiff_t>(position), first + static_cast<std::ptrdiff_t>(from),
                first + static_cast<std::ptrdiff_t>(from) + 1);
    if (relation_) renumber(owner(), *relation_);
}

void collection_base::move_node(std::size_t from, std::size_t to) {
    ensure_loaded();
    if (from >= slots_.size() || to >= slots_.size()) return;
    const auto at = [&](std::size_t i) { return slots_.begin() + static_cast<std::ptrdiff_t>(i); };
    if (from < to) {
        std::rotate(at(from), at(from + 1), at(to + 1));
    } else {
        std::rotate(at(to), at(from), at(from + 1));
    }
    if (relation_) renumber(owner(), *relation_);
}

bool collection_base::erase_node(node* n) {
    if (!n || !contains_node(n)) return false;
    if (relation_) {
        unlink(owner(), *relation_, *n);
        return true;
    }
    const auto at = std::find(slots_.begin(), slots_.end(), reinterpret_cast<std::uintptr_t>(n));
    slots_.erase(at);
    release(*n);
    return true;
}

bool collection_base::contains_node(node* n) const {
    if (!n) return false;
    if (relation_ && relation_->is_many_to_many()) return is_linked(owner(), *relation_, *n);
    if (relation_) {
        const relationship& side = *relation_->inverse;
        if (n->type != side.owner || n->state == object_state::deleted) return false;
        freshen(*n);
        node* parent = known_parent(*n, side);
        return parent == &owner() || (!parent && !side.targets_primary_key && names(*n, side, owner()));
    }
    return std::find(slots_.begin(), slots_.end(), reinterpret_cast<std::uintptr_t>(n)) != slots_.end();
}

std::size_t collection_base::count_nodes() const {
    if (loaded_) {
        ensure_loaded();
        return slots_.size();
    }
    node& n = owner();
    if (!n.context) fail_not_loaded(*relation_);
    return n.context->count(n, *relation_);
}

predicate collection_base::condition() const {
    if (!relation_) {
        throw state_error(
            {.code = "no_key_yet",
             .message = "this collection belongs to no object that kin knows: make it with kin::make or load "
                        "it before it is asked about in a query",
             .sql = {}});
    }
    return is_in_collection(*relation_, owner());
}

node* collection_base::only() const {
    ensure_loaded();
    return slots_.empty() ? nullptr : slot(0);
}

void collection_base::assign_only(node* n) {
    if (!relation_) {
        release_loose();
        if (n) push_loose(n);
    } else if (n) {
        link(owner(), *relation_, *n);
    } else if (node* gone = only()) {
        unlink(owner(), *relation_, *gone);
    }
}

void collection_base::assign_nodes(const std::vector<node*>& nodes) {
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
        if (i >= slots_.size()) continue; // a handler has taken others out
        node& n = *slot(i);
        if (std::find(nodes.begin(), nodes.end(), &n) == nodes.end()) unlink(owner(), *relation_, n);
    }
    for (node* n : nodes) link(owner(), *relation_, *n);
    std::vector<std::uintptr_t> ordered;
    ordered.reserve(slots_.size());
    for (node* n : nodes) {
        if (std::find(ordered.begin(), ordered.end(), link_to(*n)) == ordered.end())
            ordered.push_back(link_to(*n));
    }
    slots_.swap(ordered);
    renumber(owner(), *relation_);
}

} // namespace kin::detail
