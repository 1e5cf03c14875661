// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include "kin/base/reflect.hpp"
#include "kin/mapping/has_many.hpp"

namespace kin {

namespace detail {
template <class Model, auto Spec> consteval std::size_t member_of_spec(); // member_search.hpp

/// Number `I` of the arguments.
template <std::size_t I, class First, class... Rest>
constexpr const auto& pick(const First& first, const Rest&... rest) noexcept {
    if constexpr (I == 0) {
        return first;
    } else {
        return pick<I - 1>(rest...);
    }
}
} // namespace detail

/// The one-to-many side as a map by a member of the other class: `kin::has_map<Note, "keyword"> notes;`. `user->notes.find("todo")`
/// gives the note, or null. The key is the member itself, so it cannot differ from what the object says; a changed one is found under
/// its new value at once. What is added under a key that is there takes the other object's place, which leaves the collection.
///
/// `Key` names the member; `Other` names the other side where `T` has several. Otherwise as has_many, in the order in which objects came.
/// Finding looks at one object after the other: for dozens of objects, not for millions.
template <class T, by Key, by Other = inferred{}> class has_map : public detail::collection<T> {
    using base = detail::collection<T>;

public:
    static constexpr auto other = Other.value;

    has_map() noexcept = default;
    has_map(std::initializer_list<ref<T>> items) : base(items) {}
    has_map(const has_map&) = default;
    has_map(has_map&&) = default;
    ~has_map() = default;
    has_map& operator=(const has_map&) = default;
    has_map& operator=(has_map&&) = default;

    /// The object with this key; null when there is none. Loads.
    template <class K> [[nodiscard]] ref<T> find(const K& wanted) const {
        const auto at = std::find_if(this->begin(), this->end(),
                                     [&](const ref<T>& item) { return key_of(*item) == wanted; });
        return at == this->end() ? ref<T>() : *at;
    }
    /// As find(), where there must be one. Throws: no_result_found.
    template <class K>
    [[nodiscard]] ref<T> at(const K& wanted, call_place where = call_place::current()) const {
        ref<T> found = find(wanted);
        if (!found) this->fail_no_such_key(where);
        return found;
    }
    template <class K> [[nodiscard]] bool contains_key(const K& wanted) const { return bool(find(wanted)); }
    /// Adds `item` under its key; another one that has this key leaves. Loads. Throws: state_error (null_ref, two_sessions).
    void insert(const ref<T>& item) {
        const ref<T> known = find(key_of(*item));
        if (known && known != item) base::erase(known);
        base::push_back(item);
    }
    void push_back(const ref<T>& item) { insert(item); }
    /// Takes the object with this key out; false when there is none. Loads.
    template <class K> bool erase_key(const K& wanted) {
        const ref<T> known = find(wanted);
        return known && base::erase(known);
    }

private:
    [[nodiscard]] static const auto& key_of(const T& item) {
        if constexpr (requires { item.*(Key.value); }) {
            return item.*(Key.value);
        } else {
            constexpr std::size_t at = detail::member_of_spec<T, Key.value>();
            static_assert(
                at < reflect::member_count<T>,
                "kin: has_map<T, \"member\">: T has no member of that name; name the one that is the key");
            return reflect::visit(
                item, [](const auto&... members) -> const auto& { return detail::pick<at>(members...); });
        }
    }
};

} // namespace kin
