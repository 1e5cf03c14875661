// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "kin/base/options.hpp"

namespace kin {

namespace reflect {
template <auto Member> consteval std::string_view member_pointer_name(); // reflect.hpp
} // namespace reflect

template <class T> class primary_key;
template <std::size_t Length> class varchar;
template <class T, auto... Options> class field;
template <class Class, auto Member, auto... Options>
    requires std::is_member_object_pointer_v<decltype(Member)>
class member_key;
template <class Target, class T, auto... Options> class forward_key;

namespace detail {

template <class Pointer> struct member_pointer;
template <class Member, class Class> struct member_pointer<Member Class::*> {
    using member_type = Member;
    using class_type = Class;
};
template <auto Member>
using pointed_member_t = typename member_pointer<std::remove_cv_t<decltype(Member)>>::member_type;
template <auto Member>
using pointed_class_t = typename member_pointer<std::remove_cv_t<decltype(Member)>>::class_type;

template <class Option>
inline constexpr bool is_key_option = std::is_same_v<std::remove_cv_t<Option>, key_option>;

template <class Option> constexpr std::uint32_t length_in(const Option&) noexcept { return 0; }
constexpr std::uint32_t length_in(const length& option) noexcept { return option.characters; }
constexpr std::uint32_t length_in(const kin::fixed_length& option) noexcept { return option.characters; }

template <class Option> constexpr precision precision_in(const Option&) noexcept { return {0, 0}; }
constexpr precision precision_in(const precision& option) noexcept { return option; }

template <class Option>
inline constexpr bool is_fixed_length = std::is_same_v<std::remove_cv_t<Option>, kin::fixed_length>;

/// What the options of a wrapper add to the facts of the type inside.
template <class Inner, auto... Options> struct traits_with_options : Inner {
    static constexpr bool is_primary_key = Inner::is_primary_key || (is_key_option<decltype(Options)> || ...);
    static constexpr std::uint32_t length = [] {
        std::uint32_t last = Inner::length;
        (..., (last = length_in(Options) != 0 ? length_in(Options) : last));
        return last;
    }();
    static constexpr bool fixed_length = Inner::fixed_length || (is_fixed_length<decltype(Options)> || ...);
    static constexpr precision digits = [] {
        precision last = Inner::digits;
        (..., (last = precision_in(Options).digits != 0 ? precision_in(Options) : last));
        return last;
    }();
    static_assert(digits.digits <= 38 && digits.scale <= digits.digits,
                  "kin: kin::precision takes 1 to 38 digits in all, and of these some after the point");
    template <class Function> static constexpr void for_each_option(Function&& function) {
        Inner::for_each_option(function);
        (..., function(Options));
    }
};

} // namespace detail

/// What a member's type says about its column. Asks nothing of T: it may be incomplete.
template <class T> struct field_traits {
    using value_type = T;                         // the plain type inside all wrappers and std::optional
    static constexpr bool is_wrapper = false;     // T is one of kin's field types
    static constexpr bool is_optional = false;    // std::optional stands outermost
    static constexpr bool is_primary_key = false; // primary_key<> or the option kin::key
    static constexpr bool is_foreign_key = false; // foreign_key<> or forward_key<>; has `target_class` then
    static constexpr bool is_forward_key = false; // forward_key<>: the target is the primary key of its class
    static constexpr std::uint32_t length = 0;    // characters, from varchar<> or kin::length; 0: no limit
    static constexpr bool fixed_length = false;   // kin::fixed_length: exactly `length` characters
    static constexpr precision digits = {0, 0};   // kin::precision; 0 digits: no limit
    using target_class = void;                    // where a foreign key points to
    static constexpr std::nullptr_t target = nullptr; // ... and the member pointer, e.g. &User::id
    /// Calls `function(option)` for each option, from the innermost wrapper outwards.
    template <class Function> static constexpr void for_each_option(Function&&) {}
};

template <class T> struct field_traits<std::optional<T>> : field_traits<T> {
    static constexpr bool is_wrapper = false;
    static constexpr bool is_optional = true;
};

template <class T> struct field_traits<primary_key<T>> : field_traits<T> {
    static constexpr bool is_wrapper = true;
    static constexpr bool is_primary_key = true;
};

template <std::size_t Length> struct field_traits<varchar<Length>> : field_traits<std::string> {
    static constexpr bool is_wrapper = true;
    static constexpr std::uint32_t length = Length;
};

template <class T, auto... Options>
struct field_traits<field<T, Options...>> : detail::traits_with_options<field_traits<T>, Options...> {
    static constexpr bool is_wrapper = true;
};

namespace detail {

/// Of a column that refers to a T: the same type, but neither its keys nor its options.
template <class T> struct reference_traits : field_traits<typename field_traits<T>::value_type> {
    static constexpr bool is_foreign_key = true;
    static constexpr std::uint32_t length = field_traits<T>::length;
    static constexpr bool fixed_length = field_traits<T>::fixed_length;
    static constexpr precision digits = field_traits<T>::digits;
};

template <class T, auto Member> struct member_reference_traits : reference_traits<T> {
    using target_class = typename member_pointer<std::remove_cv_t<decltype(Member)>>::class_type;
    static constexpr auto target = Member;
    /// The member's name; needs reflect.hpp and the complete target.
    static constexpr std::string_view target_member() { return reflect::member_pointer_name<Member>(); }
};

template <class T, class Target> struct class_reference_traits : reference_traits<T> {
    static constexpr bool is_forward_key = true;
    using target_class = Target;
    static constexpr std::string_view target_member() { return {}; } // the primary key, whatever its name
};

} // namespace detail

template <class Class, auto Member, auto... Options>
struct field_traits<member_key<Class, Member, Options...>>
    : detail::traits_with_options<detail::member_reference_traits<detail::pointed_member_t<Member>, Member>,
                                  Options...> {
    static constexpr bool is_wrapper = true;
};

template <class Target, class T, auto... Options>
struct field_traits<forward_key<Target, T, Options...>>
    : detail::traits_with_options<detail::class_reference_traits<T, Target>, Options...> {
    static constexpr bool is_wrapper = true;
};

/// The key of another row: kin::foreign_key<&User::id> user_id; has the plain type of that member.
/// SQL: FOREIGN KEY ... REFERENCES, and an index unless the option kin::no_index is given.
template <auto Member, auto... Options>
    requires std::is_member_object_pointer_v<decltype(Member)>
using foreign_key = member_key<detail::pointed_class_t<Member>, Member, Options...>;

/// T without std::optional and kin's wrappers: int for std::optional<kin::foreign_key<&User::id>>.
template <class T> using unwrapped_t = typename field_traits<std::remove_cv_t<T>>::value_type;

/// One of kin's field types.
template <class T>
concept field_wrapper = field_traits<T>::is_wrapper;

} // namespace kin
