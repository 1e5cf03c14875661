// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/mapping/ref.hpp"
#include "kin/mapping/relationship.hpp"

namespace kin {

namespace detail {

/// A side of a relationship that refers to many objects, without its type. Loose (a list that owns its elements) in an initialiser or a
/// copy; bound once its object lives in a node: then its elements are links that own nothing.
class collection_base {
public:
    /// Whether reading it needs no SQL.
    [[nodiscard]] bool is_loaded() const noexcept { return loaded_; }
    /// Whether it is loaded, but without the objects that a condition of the query or session left out. They stay what they are: nothing
    /// takes them for removed.
    [[nodiscard]] bool is_partial() const noexcept { return partial_; }
    /// The condition of a query for its objects. Throws: state_error (no_key_yet) for a collection outside of an object that make() made.
    [[nodiscard]] predicate condition() const;

    // for the mapping floor and loaders
    void bind(const relationship& r, bool loaded) noexcept {
        relation_ = &r;
        loaded_ = loaded;
    }
    [[nodiscard]] bool is_bound() const noexcept { return relation_ != nullptr; }
    [[nodiscard]] std::size_t slot_count() const noexcept { return slots_.size(); }
    [[nodiscard]] node* slot(std::size_t i) const noexcept { return node_of(slots_[i]); }
    void reserve_one() const;
    /// Links at the end (or queues, when not loaded) without telling anybody. Never throws after reserve_one().
    void push_link(node& n) const;
    void insert_link(std::size_t position, node& n) const;
    void erase_slot(std::size_t position) const noexcept;
    /// Position counted from the end towards the front; slot_count() when it is not there.
    [[nodiscard]] std::size_t find(const node& n) const noexcept;
    /// Orders a loaded one; `before` compares nodes.
    template <class F> void sort(F&& before) const noexcept {
        for (std::size_t i = 1; i < slots_.size(); ++i) { // mostly in order already
            for (std::size_t k = i; k > 0 && before(*slot(k), *slot(k - 1)); --k)
                std::swap(slots_[k], slots_[k - 1]);
        }
    }
    /// Hands out what was queued while unloaded, and makes the collection an empty loaded one.
    [[nodiscard]] std::vector<std::uintptr_t> begin_load() const noexcept {
        loaded_ = true;
        partial_ = false;
        return std::exchange(slots_, {});
    }
    /// Undoes begin_load().
    void cancel_load(std::vector<std::uintptr_t> queued, bool was_partial = false) const noexcept {
        loaded_ = partial_ = was_partial;
        slots_ = std::move(queued);
    }
    /// Makes it an unloaded one. Those that `stays` names stay, as if they had been added while it was not loaded.
    template <class Stays> void unload(Stays&& stays) const {
        std::erase_if(slots_, [&](std::uintptr_t word) { return !stays(*node_of(word)); });
        loaded_ = partial_ = false;
    }
    /// Some were left out when it was loaded.
    void set_partial() const noexcept { partial_ = true; }
    /// Assigns it: who is not in `nodes` leaves, who is in another collection of the kind moves here.
    void replace(const std::vector<node*>& nodes) { assign_nodes(nodes); }
    [[nodiscard]] static node* node_of(std::uintptr_t word) noexcept {
        return reinterpret_cast<node*>(word & ~std::uintptr_t{1});
    }
    [[nodiscard]] std::vector<node*> take_loose();
    /// Empties a loose collection.
    void release_loose() noexcept;

protected:
    collection_base() noexcept = default;
    collection_base(const collection_base& other);
    collection_base(collection_base&& other);
    collection_base& operator=(const collection_base& other);
    collection_base& operator=(collection_base&& other);
    ~collection_base();

    void push_loose(node* n);
    void push_back_node(node* n);
    void insert_node(std::size_t position, node* n);
    void move_node(std::size_t from, std::size_t to);
    bool erase_node(node* n);
    [[nodiscard]] bool contains_node(node* n) const;
    void assign_nodes(const std::vector<node*>& nodes);
    [[nodiscard]] std::size_t count_nodes() const;
    /// Of a has_one: the object, or null; and another one in its place, or none.
    [[nodiscard]] node* only() const;
    void assign_only(node* n);
    /// Of a map. Throws: no_result_found.
    [[noreturn]] void fail_no_such_key(const call_place& where) const;
    /// Loads, and follows foreign keys that were set by hand since the last look.
    void ensure_loaded() const {
        if (!loaded_ || has_edits()) [[unlikely]]
            prepare();
    }
    /// The slots as refs: `ref<T>` is one word and adds nothing to any_ref, which is what lies here.
    [[nodiscard]] std::uintptr_t* words() const noexcept { return slots_.data(); }

private:
    void prepare() const;
    [[nodiscard]] node& owner() const noexcept; // of a bound one
    [[nodiscard]] bool has_edits() const noexcept {
        if (!relation_) return false;
        const pool_front* home = owner().home;
        return home && home->edited != 0;
    }

    mutable std::vector<std::uintptr_t> slots_; // bound: links (bit 0 set); loose: counted
    const relationship* relation_ = nullptr;    // null: loose
    mutable bool loaded_ = true;
    mutable bool partial_ = false;
};

/// What has_many and many_to_many have in common: a list of refs, in step with the other side at all times.
///
/// The first read of an unloaded collection loads it, with one statement for all objects of the same result (`lazy = peers`).
/// Throws on reading: detached_instance when it is not loaded and the object has no session any more.
/// Elements are stable objects, the list is a vector: adding or erasing invalidates its iterators.
template <class T> class collection : public collection_base {
public:
    using target_type = T;
    using value_type = ref<T>;
    using iterator = ref<T>*;
    using const_iterator = const ref<T>*;

    /// Number of objects. Loads an unloaded collection.
    [[nodiscard]] std::size_t size() const {
        ensure_loaded();
        return slot_count();
    }
    [[nodiscard]] bool empty() const { return size() == 0; }
    /// Number of objects, without loading them. SQL, when the collection is not loaded: pending changes are flushed, then SELECT count(*).
    [[nodiscard]] std::size_t count() const { return count_nodes(); }
    /// Takes every object out. Loads an unloaded collection.
    void clear() { assign_nodes({}); }
    /// Replaces the collection: who is not in the range leaves, who is in another collection of this kind moves here.
    template <class Iterator> void assign(Iterator first, Iterator last) {
        std::vector<node*> nodes;
        for (; first != last; ++first) nodes.push_back(first->raw());
        assign_nodes(nodes);
    }

    [[nodiscard]] const_iterator begin() const {
        ensure_loaded();
        return first();
    }
    [[nodiscard]] const_iterator end() const {
        ensure_loaded();
        return first() + slot_count();
    }
    [[nodiscard]] iterator begin() {
        ensure_loaded();
        return first();
    }
    [[nodiscard]] iterator end() {
        ensure_loaded();
        return first() + slot_count();
    }
    /// Bounds: i < size(), as with std::vector.
    [[nodiscard]] const ref<T>& operator[](std::size_t i) const { return begin()[i]; }
    [[nodiscard]] ref<T>& operator[](std::size_t i) { return begin()[i]; }
    /// Of a collection that is not empty, as with std::vector.
    [[nodiscard]] const ref<T>& front() const { return *begin(); }
    [[nodiscard]] const ref<T>& back() const { return begin()[size() - 1]; }
    [[nodiscard]] ref<T>& front() { return *begin(); }
    [[nodiscard]] ref<T>& back() { return begin()[size() - 1]; }

    /// Adds `item` at the end and sets its other side. Adding what is there already changes nothing. Does not load.
    /// Throws: state_error (null_ref, two_sessions).
    void push_back(const ref<T>& item) { push_back_node(item.raw()); }
    /// As push_back, before position `i` (i <= size()). Loads.
    void insert(std::size_t i, const ref<T>& item) { insert_node(i, item.raw()); }
    /// Moves the object at `from` to `to`; those between make way. Out of bounds: nothing happens. Loads. The order is kept in the
    /// database where the relationship has a position column.
    void move(std::size_t from, std::size_t to) { move_node(from, to); }
    /// Takes `item` out and unsets its other side; false when it is not in. Does not load.
    bool erase(const ref<T>& item) { return erase_node(item.raw()); }
    /// Does not load.
    [[nodiscard]] bool contains(const ref<T>& item) const { return contains_node(item.raw()); }

protected:
    collection() noexcept = default;
    explicit collection(std::initializer_list<ref<T>> items) { take(items); }
    explicit collection(const std::vector<ref<T>>& items) { take(items); }
    collection(const collection&) = default;
    collection(collection&&) = default;
    collection& operator=(const collection&) = default;
    collection& operator=(collection&&) = default;
    ~collection() = default;

private:
    template <class Items> void take(const Items& items) {
        for (const ref<T>& item : items) push_loose(item.raw());
    }
    [[nodiscard]] ref<T>* first() const noexcept {
        static_assert(sizeof(ref<T>) == sizeof(std::uintptr_t) && alignof(ref<T>) == alignof(std::uintptr_t));
        return reinterpret_cast<ref<T>*>(words());
    }
};

inline node& collection_base::owner() const noexcept {
    return *node::of(reinterpret_cast<const char*>(this) - relation_->offset);
}

} // namespace detail
} // namespace kin
