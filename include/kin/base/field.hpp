// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "kin/base/codec.hpp"
#include "kin/base/field_traits.hpp" // IWYU pragma: export
#include "kin/base/field_value.hpp"
#include "kin/base/options.hpp" // IWYU pragma: export

// The types of a model's members that say more than their C++ type: all behave like the plain value.
// NULL goes outside: std::optional<kin::foreign_key<&User::id>>.

namespace kin {

class decimal;

namespace detail {
void pad(decimal& number, int scale) noexcept; // decimal.hpp
} // namespace detail

/// The primary key, or a part of it: kin::primary_key<int> id;
/// A lone integer key that is left at 0 is made by the database when the row is inserted.
template <class T> class primary_key : public detail::field_value<unwrapped_t<T>, primary_key<T>> {
    static_assert(!field_traits<T>::is_optional,
                  "kin: a primary key cannot be NULL; write kin::primary_key<T>");
    using base = detail::field_value<unwrapped_t<T>, primary_key<T>>;

public:
    using base::base;
    template <class Value>
        requires detail::assignable_in_place<Value, primary_key>
    constexpr primary_key& operator=(Value&& value) {
        detail::field_access::value(*this) = std::forward<Value>(value);
        return *this;
    }
};

/// A std::string stored as VARCHAR(Length): kin::varchar<50> name;
/// Longer text can be assigned; a flush refuses it: data_error (text_too_long). kin never cuts.
template <std::size_t Length> class varchar : public detail::field_value<std::string, varchar<Length>> {
    static_assert(Length > 0, "kin: varchar<0> can hold nothing; use std::string for text without a limit");
    using base = detail::field_value<std::string, varchar<Length>>;

public:
    using base::base;
    template <class Value>
        requires detail::assignable_in_place<Value, varchar>
    constexpr varchar& operator=(Value&& value) {
        detail::field_access::value(*this) = std::forward<Value>(value);
        return *this;
    }
};

/// A T with options: kin::field<std::string, kin::length{50}, kin::unique> email;
template <class T, auto... Options>
class field : public detail::field_value<unwrapped_t<T>, field<T, Options...>> {
    static_assert(!field_traits<T>::is_optional,
                  "kin: write std::optional<kin::field<T, ...>>, not kin::field<std::optional<T>, ...>");
    using base = detail::field_value<unwrapped_t<T>, field<T, Options...>>;

public:
    using base::base;
    template <class Value>
        requires detail::assignable_in_place<Value, field>
    constexpr field& operator=(Value&& value) {
        detail::field_access::value(*this) = std::forward<Value>(value);
        return *this;
    }
};

/// What kin::foreign_key<&User::id> is. `Class` is what `Member` says already; why it is there nevertheless: detail::column_of.
template <class Class, auto Member, auto... Options>
    requires std::is_member_object_pointer_v<decltype(Member)>
class member_key : public detail::field_value<unwrapped_t<detail::pointed_member_t<Member>>,
                                              member_key<Class, Member, Options...>> {
    using base = detail::field_value<unwrapped_t<detail::pointed_member_t<Member>>,
                                     member_key<Class, Member, Options...>>;

public:
    using base::base;
    template <class Value>
        requires detail::assignable_in_place<Value, member_key>
    constexpr member_key& operator=(Value&& value) {
        detail::field_access::value(*this) = std::forward<Value>(value);
        return *this;
    }
};

/// A foreign key to the primary key of a class that is only declared yet: kin::forward_key<Player, int> captain_id;
template <class Target, class T, auto... Options>
class forward_key : public detail::field_value<unwrapped_t<T>, forward_key<Target, T, Options...>> {
    static_assert(!field_traits<T>::is_optional, "kin: write std::optional<kin::forward_key<Target, T>>");
    using base = detail::field_value<unwrapped_t<T>, forward_key<Target, T, Options...>>;

public:
    using base::base;
    template <class Value>
        requires detail::assignable_in_place<Value, forward_key>
    constexpr forward_key& operator=(Value&& value) {
        detail::field_access::value(*this) = std::forward<Value>(value);
        return *this;
    }
};

/// A field is stored as its value; options and varchar add the length and the digits, which only decimals have.
template <field_wrapper T>
    requires storable<typename field_traits<T>::value_type> &&
             (field_traits<T>::digits.digits == 0 ||
              codec<typename field_traits<T>::value_type>::type.kind == type_kind::decimal)
struct codec<T> {
    using value_codec = codec<typename field_traits<T>::value_type>;

    using traits = field_traits<T>;

    static constexpr column_type type = [] {
        column_type result = value_codec::type;
        if (traits::length != 0) result.length = traits::length;
        if (traits::fixed_length) result.fixed_length = true;
        if (traits::digits.digits != 0) {
            result.precision = traits::digits.digits;
            result.scale = traits::digits.scale;
        }
        return result;
    }();
    static bool encode(const T& in, encoder to) { return value_codec::encode(in.get(), to); }
    static bool decode(T& out, const cell& from) {
        if (!value_codec::decode(detail::field_access::value(out), from)) return false;
        if constexpr (traits::digits.scale != 0 && std::is_same_v<typename traits::value_type, decimal>)
            detail::pad(detail::field_access::value(out), traits::digits.scale);
        return true;
    }
};

} // namespace kin

template <class T> struct std::hash<kin::primary_key<T>> : kin::detail::field_hash<kin::primary_key<T>> {};
template <std::size_t Length>
struct std::hash<kin::varchar<Length>> : kin::detail::field_hash<kin::varchar<Length>> {};
template <class T, auto... Options>
struct std::hash<kin::field<T, Options...>> : kin::detail::field_hash<kin::field<T, Options...>> {};
template <class Class, auto Member, auto... Options>
struct std::hash<kin::member_key<Class, Member, Options...>>
    : kin::detail::field_hash<kin::member_key<Class, Member, Options...>> {};
template <class Target, class T, auto... Options>
struct std::hash<kin::forward_key<Target, T, Options...>>
    : kin::detail::field_hash<kin::forward_key<Target, T, Options...>> {};
