// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "kin/mapping/key_spec.hpp"
#include "kin/mapping/ref.hpp"
#include "kin/mapping/single_target.hpp"

namespace kin {

struct relationship;

namespace detail {

/// The many-to-one side of a relationship, without its type. Loose (a value that owns its target) in an initialiser or a
/// copy; bound once its object lives in a node: then it owns nothing and every change keeps the other side in step.
class belongs_to_base {
public:
    [[nodiscard]] node* target() const {
        if (relation_ && (word_ & resolved_bit) != 0 && !owner().has(node_flag::touched)) [[likely]]
            return known();
        return target_slow();
    }
    /// Whether reading it needs no SQL.
    [[nodiscard]] bool is_loaded() const noexcept;

    // for the mapping floor and loaders
    void bind(const relationship& r) noexcept { relation_ = &r; }
    [[nodiscard]] bool is_resolved() const noexcept { return (word_ & resolved_bit) != 0; }
    [[nodiscard]] node* known() const noexcept { return reinterpret_cast<node*>(word_ & ~resolved_bit); }
    /// Links without telling anybody; loaders and rollback use it.
    void resolve(node* target, std::int64_t key) const noexcept {
        word_ = reinterpret_cast<std::uintptr_t>(target) | resolved_bit;
        key_ = key;
    }
    void unresolve() const noexcept { word_ = 0; }
    [[nodiscard]] std::int64_t resolved_key() const noexcept { return key_; }
    [[nodiscard]] node* take_loose() noexcept { return reinterpret_cast<node*>(std::exchange(word_, 0)); }
    [[nodiscard]] node* take_loose_if_unbound() noexcept { return relation_ ? nullptr : take_loose(); }

protected:
    belongs_to_base() noexcept = default;
    explicit belongs_to_base(node* target) noexcept;
    belongs_to_base(const belongs_to_base& other);
    belongs_to_base(belongs_to_base&& other);
    belongs_to_base& operator=(const belongs_to_base& other);
    belongs_to_base& operator=(belongs_to_base&& other);
    ~belongs_to_base();
    void assign(node* target);

private:
    static constexpr std::uintptr_t resolved_bit = 1;
    [[nodiscard]] node& owner() const noexcept;
    [[nodiscard]] node* target_slow() const;

    mutable std::uintptr_t word_ = 0;
    const relationship* relation_ = nullptr; // null: loose
    mutable std::int64_t key_ = 0;           // the foreign key for which the target was resolved
};

} // namespace detail

/// The many-to-one side: `kin::belongs_to<User, &Post::user_id> user;`. Reads like a `ref<User>`; assigning moves the object
/// from the old target's collection to the new one's at once and sets the foreign key, before any SQL.
///
/// `Key` names the foreign key: nothing (the only foreign_key to `T`, or `<member>_id`), a member pointer, or a name.
/// Reading loads the target when it is not known: with one statement for all objects of the same result (`lazy = peers`).
/// Throws on reading: detached_instance when it is not loaded and the object has no session any more.
template <class T, by Key = inferred{}>
class belongs_to : public detail::belongs_to_base, public detail::single_target<T, belongs_to<T, Key>> {
public:
    static constexpr auto key = Key.value;

    belongs_to() noexcept = default;
    belongs_to(std::nullptr_t) noexcept {}
    belongs_to(const ref<T>& target) noexcept : belongs_to_base(target.raw()) {}
    belongs_to(const belongs_to&) = default;
    belongs_to(belongs_to&&) = default;
    ~belongs_to() = default;

    /// Throws: state_error (two_sessions) when both objects are in sessions, but not in the same one.
    belongs_to& operator=(const ref<T>& target) {
        this->assign(target.raw());
        return *this;
    }
    belongs_to& operator=(std::nullptr_t) {
        this->assign(nullptr);
        return *this;
    }
    belongs_to& operator=(const belongs_to&) = default;
    belongs_to& operator=(belongs_to&&) = default;
};

} // namespace kin
