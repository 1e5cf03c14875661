// SPDX-License-Identifier: MIT
#include "pool.hpp"

#include <algorithm>
#include <new>

#include "kin/base/error.hpp"
#include "row_image.hpp"

namespace kin::detail {

namespace {

constexpr std::uint32_t first_slab = 4;
constexpr std::uint32_t largest_slab = 256;

std::size_t stride_of(const mapper& m) noexcept { return sizeof(node) + (m.functions().size + 15) / 16 * 16; }

/// Room for `more` elements, growing by doubling as push_back does.
template <class T> void make_room(std::vector<T>& v, std::size_t more) {
    const std::size_t needed = v.size() + more;
    if (needed > v.capacity()) v.reserve(std::max(needed, v.capacity() * 2));
}

void destroy_object(node& n) noexcept {
    delete n.image;
    n.type->functions().destroy(n.object());
}

node* new_header(void* memory, const mapper& m) noexcept {
    node* n = ::new (memory) node;
    n->type = &m;
    return n;
}

} // namespace

node* pool::allocate_alone(const mapper& m) { return new_header(::operator new(stride_of(m)), m); }

void pool::free_alone(node* n) noexcept { ::operator delete(n); }

node& pool::allocator::create(pool& home) {
    if (left_ == 0) {
        const std::uint32_t size = std::min(last_size_ == 0 ? first_slab : last_size_ * 2, largest_slab);
        const std::size_t stride = stride_of(*type_);
        make_room(home.slabs_, 1);
        char* memory = static_cast<char*>(::operator new(stride * size));
        slab_ = static_cast<std::uint32_t>(home.slabs_.size());
        home.slabs_.push_back({type_, memory, stride, 0});
        next_ = memory;
        left_ = last_size_ = size;
    }
    slab& s = home.slabs_[slab_];
    node* n = new_header(next_, *type_);
    type_->functions().construct(n->object()); // throws: the slot stays free
    n->home = &home;
    ++s.used;
    ++home.count_;
    next_ += s.stride;
    --left_;
    return *n;
}

void pool::allocator::take_back(pool& home, node& n) noexcept {
    destroy_object(n);
    slab& s = home.slabs_[slab_];
    --s.used;
    --home.count_;
    next_ -= s.stride;
    ++left_;
}

pool::allocator& pool::allocator_for(const mapper& m) {
    for (allocator* a : allocators_) {
        if (a->type_ == &m) return *a;
    }
    make_room(allocators_, 1);
    allocators_.push_back(new allocator(m));
    return *allocators_.back();
}

void pool::absorb(pool& other) {
    make_room(alone_, other.alone_.size());
    make_room(slabs_, other.slabs_.size());
    make_room(edited_nodes_, other.edited_nodes_.size());
    other.for_each([this](node& n) { n.home = this; });
    alone_.insert(alone_.end(), other.alone_.begin(), other.alone_.end());
    slabs_.insert(slabs_.end(), other.slabs_.begin(), other.slabs_.end());
    edited_nodes_.insert(edited_nodes_.end(), other.edited_nodes_.begin(), other.edited_nodes_.end());
    edited += other.edited;
    live_ += other.live_;
    count_ += other.count_;
    for (allocator* a : other.allocators_) delete a;
    delete &other;
}

void pool::note_edit(node& n) {
    if (n.has(node_flag::edited)) return;
    edited_nodes_.push_back(&n);
    ++edited;
    n.set(node_flag::edited);
}

node* pool::take_edited() noexcept {
    if (edited_nodes_.empty()) return nullptr;
    node* n = edited_nodes_.back();
    edited_nodes_.pop_back();
    --edited;
    n->unset(node_flag::edited);
    return n;
}

void pool::take(node& n) {
    if (n.home == this) return;
    if (n.home) {
        absorb(*home_of(n));
        return;
    }
    alone_.push_back(&n);
    n.home = this;
    ++count_;
    if (n.refs != 0) ++live_;
}

void pool::join(node& a, node& b) {
    if (a.home == b.home && a.home) return;
    if (&a == &b) return;
    pool* home_a = home_of(a);
    pool* home_b = home_of(b);
    if (home_a && home_b) {
        if (home_a->holder_ && home_b->holder_) {
            throw state_error(
                {.code = "two_sessions",
                 .message = "cannot link a " + a.type->class_name() + " and a " + b.type->class_name() +
                            ": their objects are held by two sessions; close one of them, or load "
                            "both objects in the same session",
                 .sql = {}});
        }
        const bool a_stays = home_a->holder_ || (!home_b->holder_ && home_a->count_ >= home_b->count_);
        (a_stays ? home_a : home_b)->absorb(a_stays ? *home_b : *home_a);
        return;
    }
    if (!home_a && !home_b) {
        pool* fresh = new pool;
        try {
            fresh->alone_.reserve(4);
        } catch (...) {
            delete fresh;
            throw;
        }
        fresh->take(a);
        fresh->take(b);
        return;
    }
    (home_a ? home_a : home_b)->take(home_a ? b : a);
}

void pool::hold(object_context& holder) noexcept {
    holder_ = &holder;
    ++live_;
}

bool pool::let_go() noexcept {
    holder_ = nullptr;
    if (--live_ != 0) return true;
    destroy();
    return false;
}

void pool::destroy() noexcept {
    for (node* n : alone_) {
        destroy_object(*n);
        free_alone(n);
    }
    for (const slab& s : slabs_) {
        for (std::uint32_t i = 0; i < s.used; ++i) {
            destroy_object(*reinterpret_cast<node*>(s.memory + i * s.stride));
        }
        ::operator delete(s.memory);
    }
    for (allocator* a : allocators_) delete a;
    delete this;
}

void acquire_first(node& n) noexcept {
    if (n.home) ++home_of(n)->live_;
}

void release_last(node& n) noexcept {
    if (n.home) {
        if (--home_of(n)->live_ == 0) home_of(n)->destroy();
        return;
    }
    destroy_object(n);
    pool::free_alone(&n);
}

} // namespace kin::detail
