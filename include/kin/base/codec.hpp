// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/array_text.hpp"
#include "kin/base/chrono_codec.hpp" // IWYU pragma: export
#include "kin/base/encoder.hpp"      // IWYU pragma: export
#include "kin/base/enum_names.hpp"   // IWYU pragma: export
#include "kin/base/enum_storage.hpp" // IWYU pragma: export

namespace kin {

namespace detail {

template <class T>
concept stored_integer =
    std::integral<T> && std::same_as<T, std::remove_cv_t<T>> &&
    // a letter is not a number, and bool has a codec of its own
    !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T> inline constexpr bool is_std_optional = false;
template <class T> inline constexpr bool is_std_optional<std::optional<T>> = true;
/// Can be the T of std::optional<T>: there is only one NULL.
template <class T>
concept not_optional = !is_std_optional<T>;

/// Signed column width that holds every value of T, as far as there is one.
template <stored_integer T>
inline constexpr std::uint8_t column_bits =
    static_cast<std::uint8_t>(std::signed_integral<T> || sizeof(T) == 8 ? sizeof(T) * 8 : sizeof(T) * 16);

} // namespace detail

template <> struct codec<bool> {
    static constexpr column_type type = {.kind = type_kind::boolean, .bits = 8};
    static bool encode(bool in, encoder to) noexcept { return to.boolean(in); }
    /// Also takes the integers 0 and 1: most databases answer comparisons with them.
    static bool decode(bool& out, const cell& from) noexcept {
        if (from.kind != cell_kind::boolean && from.kind != cell_kind::integer) return false;
        if (from.integer != 0 && from.integer != 1) return false;
        out = from.integer == 1;
        return true;
    }
};

template <detail::stored_integer T> struct codec<T> {
    static constexpr column_type type = {.kind = type_kind::integer, .bits = detail::column_bits<T>};
    static bool encode(T in, encoder to) noexcept {
        return std::in_range<std::int64_t>(in) && to.integer(static_cast<std::int64_t>(in));
    }
    static bool decode(T& out, const cell& from) noexcept {
        if (from.kind != cell_kind::integer && from.kind != cell_kind::boolean) return false;
        if (!std::in_range<T>(from.integer)) return false;
        out = static_cast<T>(from.integer);
        return true;
    }
};

template <class T>
    requires(std::same_as<T, double> || std::same_as<T, float>)
struct codec<T> {
    static constexpr column_type type = {.kind = type_kind::real, .bits = sizeof(T) * 8};
    static bool encode(T in, encoder to) noexcept { return to.real(static_cast<double>(in)); }
    /// Takes integers that are exact as T. A double is rounded to a float, but does not become infinite.
    static bool decode(T& out, const cell& from) noexcept {
        if (from.kind == cell_kind::integer) {
            constexpr std::int64_t exact = std::int64_t{1} << std::numeric_limits<T>::digits;
            if (from.integer < -exact || from.integer > exact) return false;
            out = static_cast<T>(from.integer);
            return true;
        }
        if (from.kind != cell_kind::real) return false;
        if constexpr (std::same_as<T, float>) {
            constexpr double largest = std::numeric_limits<float>::max();
            constexpr double infinite = std::numeric_limits<double>::infinity();
            const double size = from.real < 0 ? -from.real : from.real;
            if (size > largest && size != infinite) return false;
        }
        out = static_cast<T>(from.real);
        return true;
    }
};

template <> struct codec<std::string> {
    static constexpr column_type type = {.kind = type_kind::text};
    static bool encode(const std::string& in, encoder to) noexcept { return to.text(in); }
    static bool decode(std::string& out, const cell& from) {
        if (from.kind != cell_kind::text) return false;
        if (from.size > out.capacity()) {
            // A fresh string is cheaper than growing one, and moving it into none cheaper than exchanging two.
            std::string fresh(from.data, from.size);
            std::destroy_at(&out);
            std::construct_at(&out, std::move(fresh));
        } else {
            out.assign(from.bytes());
        }
        return true;
    }
};

/// Only for binding: a view cannot be a member, because the text it would be read into has no owner.
template <> struct codec<std::string_view> {
    static bool encode(std::string_view in, encoder to) noexcept { return to.text(in); }
};
/// Only for binding. A null pointer is NULL.
template <> struct codec<const char*> {
    static bool encode(const char* in, encoder to) noexcept {
        return in == nullptr ? to.null() : to.text(in);
    }
};

template <> struct codec<std::vector<std::byte>> {
    static constexpr column_type type = {.kind = type_kind::blob};
    static bool encode(const std::vector<std::byte>& in, encoder to) noexcept {
        return to.blob({reinterpret_cast<const char*>(in.data()), in.size()});
    }
    static bool decode(std::vector<std::byte>& out, const cell& from) {
        if (from.kind != cell_kind::blob) return false;
        const std::string_view bytes = from.bytes();
        const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
        out.assign(first, first + bytes.size());
        return true;
    }
};

/// Empty is NULL. An optional of what can only be bound can only be bound as well.
template <class T>
    requires bindable<T> && detail::not_optional<T>
struct codec<std::optional<T>> {
    static constexpr bool nullable = true;
    static bool encode(const std::optional<T>& in, encoder to) {
        return in ? codec<T>::encode(*in, to) : to.null();
    }
};
template <class T>
    requires storable<T> && detail::not_optional<T>
struct codec<std::optional<T>> {
    static constexpr column_type type = codec<T>::type;
    static constexpr bool nullable = true;
    static bool encode(const std::optional<T>& in, encoder to) {
        return in ? codec<T>::encode(*in, to) : to.null();
    }
    static bool decode(std::optional<T>& out, const cell& from) {
        if (from.is_null()) {
            out.reset();
            return true;
        }
        if (out) return codec<T>::decode(*out, from);
        T value{}; // apart: what does not fit, or finds no memory, leaves an empty optional empty
        if (!codec<T>::decode(value, from)) return false;
        out.emplace(std::move(value));
        return true;
    }
};

namespace detail {

/// Its native type has a name, and it is not stored as one: a mistake, so it has no codec.
template <class T>
inline constexpr bool names_no_native_type =
    !enum_type_name<T>.empty() && enum_stored_as<T> != enum_storage::native;

template <named_enum T> constexpr std::string_view native_enum_name() {
    if constexpr (enum_stored_as<T> != enum_storage::native) {
        return {};
    } else if constexpr (!enum_type_name<T>.empty()) {
        return enum_type_name<T>;
    } else {
        constexpr const auto& kept = default_enum_type_name<T>;
        return {kept.data(), kept.size()};
    }
}

} // namespace detail

/// An enumeration is stored as the name of its enumerator; see `enum_names` for values outside 0..127, and `enum_stored_as`.
template <named_enum T>
    requires(!detail::names_no_native_type<T>)
struct codec<T> {
    static constexpr column_type type = {.kind = type_kind::enumeration,
                                         .names = detail::enum_words<T>.data(),
                                         .name_count =
                                             static_cast<std::uint32_t>(detail::enum_words<T>.size()),
                                         .storage = enum_stored_as<T>,
                                         .native_name = detail::native_enum_name<T>()};
    /// False for a value without a name.
    static bool encode(T in, encoder to) noexcept {
        const std::string_view name = enum_name(in);
        return !name.empty() && to.text(name);
    }
    /// False for an unknown word.
    static bool decode(T& out, const cell& from) noexcept {
        return from.kind == cell_kind::text && enum_from_name(from.bytes(), out);
    }
};

namespace detail {

/// What an array can be made of: one value of a kind that has a place in JSON.
template <class T> inline constexpr bool is_array_element = false;
template <storable T>
inline constexpr bool is_array_element<T> =
    codec<T>::type.kind != type_kind::blob && codec<T>::type.kind != type_kind::json &&
    codec<T>::type.kind != type_kind::array && codec<T>::type.sql_read.empty() &&
    codec<T>::type.sql_write.empty();
template <class T>
concept array_element = is_array_element<T>;

} // namespace detail

/// A vector of scalars, or of std::optional of them, is an array of the database, else JSON text. (Of std::byte: a blob.)
template <detail::array_element T> struct codec<std::vector<T>> {
    static constexpr column_type type = [] {
        column_type result = codec<T>::type;
        result.element = result.kind;
        result.kind = type_kind::array;
        return result;
    }();
    /// False when an element cannot be stored.
    static bool encode(const std::vector<T>& in, encoder to) {
        detail::array_writer text;
        scratch memory;
        for (const T& element : in) {
            cell c;
            if (!codec<T>::encode(element, encoder{c, memory}) || !text.add(c)) return false;
        }
        return to.array(text.finish());
    }
    static bool decode(std::vector<T>& out, const cell& from) {
        if (from.kind != cell_kind::array && from.kind != cell_kind::text) return false;
        detail::array_reader elements(from.bytes());
        std::vector<T> read;
        cell c;
        while (elements.next(codec<T>::type.cell(), c)) {
            T element{};
            if (!codec<T>::decode(element, c)) return false;
            read.push_back(std::move(element));
        }
        if (!elements.is_whole()) return false;
        out = std::move(read);
        return true;
    }
};

} // namespace kin
