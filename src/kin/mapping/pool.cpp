// SPDX-License-Identifier: MIT
#include "pool.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <new>
#include <unordered_set>

#include "kin/base/error.hpp"
#include "row_image.hpp"
#include "separation.hpp"

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
        home.slabs_.push_back({type_, memory, stride, 0, nullptr});
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
    for (const slab& s : other.slabs_) take_slab(s);
    edited_nodes_.insert(edited_nodes_.end(), other.edited_nodes_.begin(), other.edited_nodes_.end());
    edited += other.edited;
    live_ += other.live_;
    count_ += other.count_;
    for (allocator* a : other.allocators_) delete a;
    delete &other;
}

void pool::take_slab(const slab& s) noexcept {
    const auto mine = std::find_if(slabs_.begin(), slabs_.end(),
                                   [&](const slab& known) { return s.sharers && known.memory == s.memory; });
    if (mine == slabs_.end()) {
        slabs_.push_back(s);
    } else {
        mine->used = std::max(mine->used, s.used);
        --*s.sharers;
    }
}

void pool::split_off(std::span<node* const> graph) {
    const std::unordered_set<const node*> leaving(graph.begin(), graph.end());
    const auto leaves = [&](const node* n) { return leaving.contains(n); };
    std::vector<std::size_t> shared; // slabs
    for (std::size_t i = 0; i < slabs_.size(); ++i) {
        if (std::any_of(graph.begin(), graph.end(), [&](const node* n) { return slabs_[i].contains(n); }))
            shared.push_back(i);
    }
    for (const std::size_t i : shared) {
        if (!slabs_[i].sharers) slabs_[i].sharers = new std::uint32_t(1);
    }
    std::unique_ptr<pool, void (*)(pool*)> fresh(new pool, [](pool* p) { delete p; });
    fresh->alone_.reserve(graph.size());
    fresh->slabs_.reserve(shared.size());
    fresh->edited_nodes_.reserve(graph.size());
    // Nothing fails from here on.
    std::copy_if(alone_.begin(), alone_.end(), std::back_inserter(fresh->alone_), leaves);
    std::erase_if(alone_, leaves);
    std::copy_if(edited_nodes_.begin(), edited_nodes_.end(), std::back_inserter(fresh->edited_nodes_),
                 leaves);
    std::erase_if(edited_nodes_, leaves);
    for (const std::size_t i : shared) {
        ++*slabs_[i].sharers;
        fresh->slabs_.push_back(slabs_[i]);
    }
    for (node* n : graph) {
        n->home = fresh.get();
        if (n->refs != 0) ++fresh->live_;
    }
    fresh->edited = static_cast<std::uint32_t>(fresh->edited_nodes_.size());
    fresh->count_ = graph.size();
    edited -= fresh->edited;
    live_ -= fresh->live_;
    count_ -= fresh->count_;
    (void)fresh.release(); // its refs own it
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
            if (!a.context && !kept_by(a)) return join(a, b);
            if (!b.context && !kept_by(b)) return join(a, b);
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
            node& n = *reinterpret_cast<node*>(s.memory + i * s.stride);
            if (n.home != this) continue; // of another pool, or gone with one
            destroy_object(n);
            n.home = nullptr;
        }
        if (s.sharers && --*s.sharers != 0) continue;
        delete s.sharers;
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
