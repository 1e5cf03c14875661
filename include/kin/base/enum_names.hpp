// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/snake_case.hpp"

namespace kin {

template <class E> struct enum_entry {
    E value;
    std::string_view name;
};

namespace detail {

constexpr bool is_identifier_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The identifier that ends `text`: "red" of "ns::color::red"; empty where there is none, as in "(color)3".
constexpr std::string_view last_identifier(std::string_view text) noexcept {
    std::size_t first = text.size();
    while (first > 0 && is_identifier_char(text[first - 1])) --first;
    const std::string_view name = text.substr(first);
    return !name.empty() && name[0] >= '0' && name[0] <= '9' ? std::string_view() : name;
}

#if defined(__clang__) && __clang_major__ < 20
#pragma clang diagnostic push
#pragma clang diagnostic ignored                                                                             \
    "-Wenum-constexpr-conversion" // `enum_has_value` asks whether it would be an error
#endif

/// The compiler's spelling of all values in one string: one instantiation per enumeration, not one per value.
/// (GCC would append what std::string_view stands for, were it the return type.)
template <class E, E... Values> consteval const char* spelled_values() { return __PRETTY_FUNCTION__; }

template <class E> inline constexpr bool has_fixed_type = requires { E{0}; };

/// An enumeration without a fixed underlying type has no values beyond the bits of its enumerators; Clang 20 enforces it.
template <class E, int Value>
concept enum_has_value =
    has_fixed_type<E> || requires { typename std::integral_constant<E, static_cast<E>(Value)>; };

template <class E> consteval int last_probed_value() {
    if constexpr (std::is_same_v<std::underlying_type_t<E>, bool>)
        return 1;
    else if constexpr (enum_has_value<E, 127>)
        return 127;
    else if constexpr (enum_has_value<E, 63>)
        return 63;
    else if constexpr (enum_has_value<E, 31>)
        return 31;
    else if constexpr (enum_has_value<E, 15>)
        return 15;
    else if constexpr (enum_has_value<E, 7>)
        return 7;
    else if constexpr (enum_has_value<E, 3>)
        return 3;
    else
        return 1;
}

template <class E> consteval int first_probed_value() {
    if constexpr (std::is_unsigned_v<std::underlying_type_t<E>>)
        return 0;
    else
        return enum_has_value<E, -1> ? -1 : 0;
}

/// A bit cast: GCC warns about the static_cast to an enumeration without a fixed underlying type.
template <class E> constexpr E enum_value(int number) {
    return std::bit_cast<E>(static_cast<std::underlying_type_t<E>>(number));
}

template <class E> struct probed_enum {
    static constexpr int first = first_probed_value<E>();
    static constexpr int count = last_probed_value<E>() - first + 1;

    struct summary {
        std::array<std::string_view, count> names; // empty: no enumerator has this value
        std::size_t named = 0;
        std::size_t characters = 0;
    };

    static consteval summary read() {
        // Clang instantiates an enumeration inside a class template only when somebody looks into it.
        static_assert(!requires { E::kin_looks_into_it; });
        const std::string_view text = []<int... I>(std::integer_sequence<int, I...>) {
            return spelled_values<E, enum_value<E>(I + first)...>();
        }(std::make_integer_sequence<int, count>());
        // GCC ends in "Values = {a, b, (E)2}]", Clang in "Values = <a, b, (E)2>]": read it from behind, because the
        // type in front may contain anything.
        summary found{};
        std::size_t end = text.size() - 2;
        std::size_t begin = end;
        for (std::size_t slot = count; slot-- > 0; end = begin = begin - 2) {
            for (int depth = 0; depth > 0 || !starts_here(text, begin, slot == 0); --begin) {
                const char c = text[begin - 1];
                if (c == ')' || c == '}' || c == '>' || c == ']') ++depth;
                if (c == '(' || c == '{' || c == '<' || c == '[') --depth;
            }
            found.names[slot] = last_identifier(text.substr(begin, end - begin));
            found.named += found.names[slot].empty() ? 0 : 1;
            found.characters += found.names[slot].size();
        }
        return found;
    }

    static consteval bool starts_here(std::string_view text, std::size_t at, bool first_of_list) {
        return first_of_list ? text[at - 1] == '{' || text[at - 1] == '<'
                             : text[at - 1] == ' ' && text[at - 2] == ',';
    }

    static constexpr std::size_t named = read().named;

    /// The names alone, so that the compiler's long string stays out of the program.
    static constexpr auto characters = [] {
        std::array<char, read().characters + 1> kept{};
        std::size_t at = 0;
        for (const std::string_view name : read().names)
            for (const char c : name) kept[at++] = c;
        return kept;
    }();

    static constexpr auto entries = [] {
        std::array<enum_entry<E>, named> kept{};
        const summary found = read();
        std::size_t at = 0;
        std::size_t offset = 0;
        for (std::size_t slot = 0; slot < count; ++slot) {
            const std::size_t size = found.names[slot].size();
            if (size == 0) continue;
            kept[at++] = {enum_value<E>(static_cast<int>(slot) + first),
                          std::string_view(characters.data() + offset, size)};
            offset += size;
        }
        return kept;
    }();
};

#if defined(__clang__) && __clang_major__ < 20
#pragma clang diagnostic pop
#endif

} // namespace detail

/// The words under which the values of an enumeration are stored. kin finds them for values from -1 to 127; for others,
/// or to store other words, specialise it:
///
///     template <> struct kin::enum_names<Status> {
///         static constexpr kin::enum_entry<Status> entries[] = {{Status::ok, "ok"}, {Status::gone, "gone"}};
///     };
template <class E> struct enum_names {
    static constexpr const auto& entries = detail::probed_enum<E>::entries;
};

/// An enumeration that has at least one name. std::byte is a byte.
template <class E>
concept named_enum =
    std::is_enum_v<E> && !std::is_same_v<E, std::byte> && std::is_same_v<E, std::remove_cv_t<E>> &&
    requires { requires(std::size(enum_names<E>::entries) > 0); };

namespace detail {

template <class E>
inline constexpr auto enum_words = [] {
    std::array<std::string_view, std::size(enum_names<E>::entries)> words{};
    std::size_t at = 0;
    for (const auto& entry : enum_names<E>::entries) words[at++] = entry.name;
    return words;
}();

template <class E> consteval const char* spelled_enum() {
    return __PRETTY_FUNCTION__; // GCC "... [with E = ns::Status]", Clang "... [E = ns::Status]"
}
/// "Status" of ns::Status; empty for an enumeration without a name.
template <class E> consteval std::string_view short_enum_name() {
    std::string_view text = spelled_enum<E>();
    text.remove_suffix(1);
    return last_identifier(text);
}
template <class E> consteval std::size_t enum_type_name_size() {
    std::size_t size = 0;
    put_snake_case(short_enum_name<E>(), [&](char) { ++size; });
    return size;
}
/// The name of the enumeration in snake_case.
template <class E>
inline constexpr auto default_enum_type_name = [] {
    std::array<char, enum_type_name_size<E>()> kept{};
    std::size_t at = 0;
    put_snake_case(short_enum_name<E>(), [&](char c) { kept[at++] = c; });
    return kept;
}();

} // namespace detail

/// The name of `value`; empty when it has none.
template <named_enum E> [[nodiscard]] constexpr std::string_view enum_name(E value) noexcept {
    for (const auto& entry : enum_names<E>::entries)
        if (entry.value == value) return entry.name;
    return {};
}

/// Finds the value called `name`; leaves `value` alone and returns false when there is none.
template <named_enum E>
[[nodiscard]] constexpr bool enum_from_name(std::string_view name, E& value) noexcept {
    for (const auto& entry : enum_names<E>::entries) {
        if (entry.name != name) continue;
        value = entry.value;
        return true;
    }
    return false;
}

} // namespace kin
