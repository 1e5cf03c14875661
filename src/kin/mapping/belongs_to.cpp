// SPDX-License-Identifier: MIT
#include "kin/mapping/belongs_to.hpp"

#include "kin/base/error.hpp"
#include "link.hpp"

namespace kin::detail {

belongs_to_base::belongs_to_base(node* target) noexcept : word_(reinterpret_cast<std::uintptr_t>(target)) {
    if (target) acquire(*target);
}

belongs_to_base::belongs_to_base(const belongs_to_base& other) : belongs_to_base(other.target()) {}

belongs_to_base::belongs_to_base(belongs_to_base&& other) {
    node* n = other.relation_ ? other.target() : other.known();
    if (other.relation_) {
        if (n) acquire(*n); // a bound one keeps its link: moving an object's members out must not unlink it
    } else {
        other.word_ = 0;
    }
    word_ = reinterpret_cast<std::uintptr_t>(n);
}

belongs_to_base& belongs_to_base::operator=(const belongs_to_base& other) {
    if (this != &other) assign(other.target());
    return *this;
}

belongs_to_base& belongs_to_base::operator=(belongs_to_base&& other) {
    if (this != &other) assign(other.target());
    return *this;
}

belongs_to_base::~belongs_to_base() {
    if (!relation_ && word_ != 0) release(*known());
}

node& belongs_to_base::owner() const noexcept {
    return *node::of(reinterpret_cast<const char*>(this) - relation_->offset);
}

bool belongs_to_base::is_loaded() const noexcept {
    return !relation_ || is_resolved() || foreign_key_unset(owner(), *relation_);
}

void belongs_to_base::assign(node* target) {
    if (relation_) {
        set_parent(owner(), *relation_, target);
        return;
    }
    const any_ref keep(known());
    if (target) acquire(*target);
    if (word_ != 0) release(*known());
    word_ = reinterpret_cast<std::uintptr_t>(target);
}

node* belongs_to_base::target_slow() const {
    if (!relation_) return known();
    node& child = owner();
    if (is_resolved()) {
        follow_foreign_key(child, *relation_);
        if (is_resolved()) return known();
    }
    if (foreign_key_unset(child, *relation_)) return nullptr;
    if (!child.context) {
        if (child.state == object_state::transient) return nullptr;
        fail_not_loaded(*relation_);
    }
    if (node* found = known_parent(child, *relation_)) return found;
    child.context->load(child, *relation_);
    return known();
}

} // namespace kin::detail
