// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/field_traits.hpp"

// How kin's field types hold their value. A class is inherited from, so that a varchar is a std::string in every
// respect; numbers and enumerations, which cannot be, are kept in a box that converts to them.

namespace kin::detail {

/// Number to number without loss: what braces would accept.
template <class From, class To>
concept lossless = requires(From from) { To{from}; };

/// A scalar. `Self` is the field type.
template <class Value, class Self> class boxed_field {
public:
    using value_type = Value;

    constexpr boxed_field() = default;
    constexpr boxed_field(Value value) noexcept : value_(std::move(value)) {}
    /// From another key or field, so that `.user_id = user->id` works.
    template <field_wrapper Other>
        requires(!std::same_as<Other, Self> && lossless<typename Other::value_type, Value>)
    constexpr boxed_field(const Other& other) noexcept : value_{other.get()} {}

    [[nodiscard]] constexpr const Value& get() const noexcept { return value_; }
    constexpr operator const Value&() const noexcept { return value_; }

    constexpr Self& operator+=(Value step) noexcept
        requires std::is_arithmetic_v<Value>
    {
        return assign(static_cast<Value>(value_ + step));
    }
    constexpr Self& operator-=(Value step) noexcept
        requires std::is_arithmetic_v<Value>
    {
        return assign(static_cast<Value>(value_ - step));
    }
    constexpr Self& operator++() noexcept
        requires std::is_arithmetic_v<Value>
    {
        return *this += Value{1};
    }
    constexpr Self& operator--() noexcept
        requires std::is_arithmetic_v<Value>
    {
        return *this -= Value{1};
    }
    constexpr Value operator++(int) noexcept
        requires std::is_arithmetic_v<Value>
    {
        const Value before = value_;
        ++*this;
        return before;
    }
    constexpr Value operator--(int) noexcept
        requires std::is_arithmetic_v<Value>
    {
        const Value before = value_;
        --*this;
        return before;
    }

private:
    friend struct field_access;

    constexpr Self& assign(Value value) noexcept {
        value_ = value;
        return static_cast<Self&>(*this);
    }

    Value value_{};
};

/// A class. `Self` is the field type.
template <class Value, class Self> class derived_field : public Value {
public:
    using value_type = Value;

    using Value::Value;
    constexpr derived_field() = default;
    constexpr derived_field(const Value& value) : Value(value) {}
    constexpr derived_field(Value&& value) noexcept(std::is_nothrow_move_constructible_v<Value>)
        : Value(std::move(value)) {}
    constexpr derived_field(std::string_view text)
        requires std::same_as<Value, std::string>
        : Value(text) {}

    [[nodiscard]] constexpr const Value& get() const noexcept { return *this; }
};

template <class Value>
inline constexpr bool can_be_inherited = std::is_class_v<Value> && !std::is_final_v<Value>;

template <class Value, class Self>
using field_value =
    typename std::conditional_t<can_be_inherited<Value>, std::type_identity<derived_field<Value, Self>>,
                                std::type_identity<boxed_field<Value, Self>>>::type;

/// The value itself, for the codec to write to.
struct field_access {
    template <class Field> static constexpr auto& value(Field& field) noexcept {
        using value_type = typename Field::value_type;
        if constexpr (can_be_inherited<value_type>)
            return static_cast<value_type&>(field);
        else
            return field.value_;
    }
};

/// Assigns to an inherited class as it does itself: a string keeps its memory. A box is made anew, so that the compiler
/// warns about a lossy number on the user's line.
template <class Value, class Field>
concept assignable_in_place = can_be_inherited<typename field_traits<Field>::value_type> &&
                              !std::same_as<std::remove_cvref_t<Value>, Field> &&
                              std::is_assignable_v<typename field_traits<Field>::value_type&, Value>;

template <class T>
concept boxed = field_wrapper<T> && !can_be_inherited<typename field_traits<T>::value_type>;

template <class T>
concept whole_number =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// Whole numbers of different types compare by value, and without a warning about their signs.
template <class L, class R>
    requires requires(const L& l, const R& r) {
        { l == r } -> std::convertible_to<bool>;
    }
constexpr bool equal_values(const L& l, const R& r) {
    if constexpr (whole_number<L> && whole_number<R>)
        return std::cmp_equal(l, r);
    else
        return static_cast<bool>(l == r);
}
template <class L, class R>
    requires requires(const L& l, const R& r) { l <=> r; } || (whole_number<L> && whole_number<R>)
constexpr auto compare_values(const L& l, const R& r) {
    if constexpr (whole_number<L> && whole_number<R>) {
        if (std::cmp_less(l, r)) return std::strong_ordering::less;
        return std::cmp_equal(l, r) ? std::strong_ordering::equal : std::strong_ordering::greater;
    } else {
        return l <=> r;
    }
}

/// The right side of a comparison with a box: a plain value, never an SQL column.
template <class T, class Box>
concept plain_value_for = !field_wrapper<T> && std::convertible_to<const T&, typename Box::value_type>;

// All four take both sides exactly as they are: anything looser is ambiguous with the built-in operators.
template <field_wrapper L, field_wrapper R>
constexpr auto operator==(const L& l, const R& r) -> decltype(equal_values(l.get(), r.get())) {
    return equal_values(l.get(), r.get());
}
template <boxed L, plain_value_for<L> R>
constexpr auto operator==(const L& l, const R& r) -> decltype(equal_values(l.get(), r)) {
    return equal_values(l.get(), r);
}
template <field_wrapper L, field_wrapper R>
constexpr auto operator<=>(const L& l, const R& r) -> decltype(compare_values(l.get(), r.get())) {
    return compare_values(l.get(), r.get());
}
template <boxed L, plain_value_for<L> R>
constexpr auto operator<=>(const L& l, const R& r) -> decltype(compare_values(l.get(), r)) {
    return compare_values(l.get(), r);
}

/// For any stream the user has included: kin does not include <ostream>.
template <class Stream, boxed Field>
    requires requires { typename Stream::char_type; }
auto operator<<(Stream& stream, const Field& field) -> decltype(stream << field.get()) {
    return stream << field.get();
}

/// std::hash of the plain value; disabled where that is.
template <class Field> struct field_hash : private std::hash<typename field_traits<Field>::value_type> {
    using value_hash = std::hash<typename field_traits<Field>::value_type>;
    std::size_t operator()(const Field& field) const
        noexcept(noexcept(std::declval<const value_hash&>()(field.get()))) {
        return value_hash::operator()(field.get());
    }
};

} // namespace kin::detail
