// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/mapping/key_spec.hpp"
#include "kin/mapping/ref.hpp"

namespace kin {

struct relationship;

namespace detail {

/// The one-to-many side of a relationship, without its type. Loose (a list that owns its elements) in an initialiser or a
/// copy; bound once its object lives in a node: then its elements are links that own nothing.
class has_many_base {
public:
    /// Number of objects. Loads an unloaded collection.
    [[nodiscard]] std::size_t size() const {
        ensure_loaded();
        return slots_.size();
    }
    [[nodiscard]] bool empty() const { return size() == 0; }
    /// Whether reading it needs no SQL.
    [[nodiscard]] bool is_loaded() const noexcept { return loaded_; }
    /// Takes every object out of the collection. Loads an unloaded collection.
    void clear();

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
    /// Hands out what was queued while unloaded, and makes the collection an empty loaded one.
    [[nodiscard]] std::vector<std::uintptr_t> begin_load() const noexcept {
        loaded_ = true;
        return std::exchange(slots_, {});
    }
    /// Undoes begin_load().
    void cancel_load(std::vector<std::uintptr_t> queued) const noexcept {
        loaded_ = false;
        slots_ = std::move(queued);
    }
    [[nodiscard]] static node* node_of(std::uintptr_t word) noexcept {
        return reinterpret_cast<node*>(word & ~std::uintptr_t{1});
    }
    [[nodiscard]] std::vector<node*> take_loose();
    /// Empties a loose collection.
    void release_loose() noexcept;

protected:
    has_many_base() noexcept = default;
    has_many_base(const has_many_base& other);
    has_many_base(has_many_base&& other);
    has_many_base& operator=(const has_many_base& other);
    has_many_base& operator=(has_many_base&& other);
    ~has_many_base();

    void push_loose(node* n);
    void push_back_node(node* n);
    void insert_node(std::size_t position, node* n);
    bool erase_node(node* n);
    [[nodiscard]] bool contains_node(node* n) const;
    void assign_nodes(const std::vector<node*>& nodes);
    void ensure_loaded() const {
        if (!loaded_) [[unlikely]]
            load();
    }
    /// The slots as refs: `ref<T>` is one word and adds nothing to any_ref, which is what lies here.
    [[nodiscard]] std::uintptr_t* words() const noexcept { return slots_.data(); }

private:
    void load() const;
    [[nodiscard]] node& owner() const noexcept;

    mutable std::vector<std::uintptr_t> slots_; // bound: links (bit 0 set); loose: counted
    const relationship* relation_ = nullptr;    // null: loose
    mutable bool loaded_ = true;
};

} // namespace detail

/// The one-to-many side: `kin::has_many<Post> posts;`. A list of refs, in step with the other side (`belongs_to`) at all times.
///
/// `Other` names the other side where `T` has several: a member's name, or a member pointer.
/// The first read of an unloaded collection loads it, with one statement for all objects of the same result (`lazy = peers`);
/// push_back, erase and contains never load. Throws on reading: detached_instance when it is not loaded and the object has no session any more.
/// Elements are stable objects, the list is a vector: adding or erasing invalidates its iterators.
template <class T, by Other = inferred{}> class has_many : public detail::has_many_base {
public:
    using target_type = T;
    using value_type = ref<T>;
    using iterator = ref<T>*;
    using const_iterator = const ref<T>*;
    static constexpr auto other = Other.value;

    has_many() noexcept = default;
    has_many(std::initializer_list<ref<T>> items) {
        for (const ref<T>& item : items) push_loose(item.raw());
    }
    has_many(const std::vector<ref<T>>& items) {
        for (const ref<T>& item : items) push_loose(item.raw());
    }
    has_many(const has_many&) = default;
    has_many(has_many&&) = default;
    ~has_many() = default;
    has_many& operator=(const has_many&) = default;
    has_many& operator=(has_many&&) = default;
    /// Replaces the collection: who is not in `items` leaves, who is in another collection moves here.
    has_many& operator=(std::initializer_list<ref<T>> items) {
        assign(items.begin(), items.end());
        return *this;
    }
    has_many& operator=(const std::vector<ref<T>>& items) {
        assign(items.begin(), items.end());
        return *this;
    }
    template <class Iterator> void assign(Iterator first, Iterator last) {
        std::vector<detail::node*> nodes;
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

    /// Adds `item` at the end and sets its other side; it leaves the collection that it was in. Adding what is there already
    /// changes nothing. Does not load. Throws: state_error (null_ref, two_sessions).
    void push_back(const ref<T>& item) { push_back_node(item.raw()); }
    /// As push_back, before position `i` (i <= size()). Loads.
    void insert(std::size_t i, const ref<T>& item) { insert_node(i, item.raw()); }
    /// Takes `item` out and unsets its other side; false when it is not in. Does not load.
    bool erase(const ref<T>& item) { return erase_node(item.raw()); }
    /// Does not load.
    [[nodiscard]] bool contains(const ref<T>& item) const { return contains_node(item.raw()); }

private:
    [[nodiscard]] ref<T>* first() const noexcept {
        static_assert(sizeof(ref<T>) == sizeof(std::uintptr_t) && alignof(ref<T>) == alignof(std::uintptr_t));
        return reinterpret_cast<ref<T>*>(words());
    }
};

} // namespace kin
