// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/reflect_arity.hpp"
#include "kin/base/snake_case.hpp"

/// The members of an aggregate: how many, their names, and a way to visit them. Nothing here needs RTTI, macros or a change
/// to the class.
namespace kin::reflect {

namespace detail {

/// Converts to any proper base class of T, and to nothing else.
template <class T> struct any_base {
    template <class Base>
        requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
    constexpr operator Base() const noexcept;
};
/// Converts to nothing: whoever takes this takes everything.
struct stranger {};

/// The first thing that braces initialise is a base class. (A first member that takes everything hides the question.)
template <class T>
concept has_base = requires { T{any_base<T>{}}; } && !requires { T{stranger{}}; };

template <class T>
concept is_complete = requires { sizeof(T); };

/// Braces initialise every member but the one without a default constructor, so the largest number that fits is the count.
template <class T, std::size_t Fits, std::size_t TooMany> consteval std::size_t count_between() {
    if constexpr (Fits + 1 == TooMany) {
        return Fits;
    } else {
        constexpr std::size_t middle = (Fits + TooMany) / 2;
        if constexpr (arity<middle>::template fits<T>)
            return count_between<T, middle, TooMany>();
        else
            return count_between<T, Fits, middle>();
    }
}
template <class T, std::size_t Try> consteval std::size_t count_from() {
    if constexpr (arity<Try>::template fits<T>) {
        if constexpr (Try == most_members)
            return arity<Try + 1>::template fits<T> ? Try + 1 : Try;
        else
            return count_from<T, Try * 2>();
    } else if constexpr (Try == 1) {
        return 0;
    } else {
        return count_between<T, Try / 2, Try>();
    }
}

} // namespace detail

/// A complete aggregate without a base class: what kin can look into.
template <class T>
concept reflectable =
    detail::is_complete<T> && std::is_class_v<T> && std::is_aggregate_v<T> && !detail::has_base<T>;

/// The number of members; 129 when there are more than 128. Each must have a default constructor, for `T{}` has to mean something.
template <class T> inline constexpr std::size_t member_count = detail::count_from<std::remove_cv_t<T>, 1>();

/// Calls `function(member&...)` once, with all members of `object` in their order, and returns what it returns.
template <class T, class Function> constexpr decltype(auto) visit(T& object, Function&& function) {
    return detail::arity<member_count<T>>::visit(object, std::forward<Function>(function));
}

namespace detail {

template <class T> struct holder {
    T kin_member_of;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

/// Never defined: only the addresses of its members are of interest.
template <class T> extern const holder<T> fake;

template <std::size_t Count> struct addresses {
    const void* of[Count];
};

template <class T> consteval auto member_addresses() {
    return visit(fake<T>.kin_member_of, [](const auto&... member) {
        return addresses<sizeof...(member)>{{__builtin_addressof(member)...}};
    });
}

/// The compiler's spelling of all addresses in one string, so that there is one instantiation for each class:
///     GCC    ... {((const void*)(& fake<ns::User>.holder<ns::User>::kin_member_of.ns::User::id)), ...
///     Clang  ... {&fake.kin_member_of.id, &fake.kin_member_of.name ...
template <auto Addresses> consteval const char* spelled_addresses() { return __PRETTY_FUNCTION__; }
template <class T> consteval std::string_view spelled_members() {
    constexpr auto all = member_addresses<T>();
    return spelled_addresses<all>();
}

/// The position of `Member` among the members of its class.
template <auto Member, class Class> consteval std::size_t position() {
    return visit(fake<Class>.kin_member_of, [](const auto&... member) {
        const void* wanted = __builtin_addressof(fake<Class>.kin_member_of.*Member);
        std::size_t at = 0;
        const bool found =
            ((static_cast<const void*>(__builtin_addressof(member)) == wanted || (++at, false)) || ...);
        return found ? at : sizeof...(member);
    });
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

constexpr bool is_name_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// The identifier at the end of `text`.
constexpr std::string_view identifier_at_end(std::string_view text) noexcept {
    std::size_t first = text.size();
    while (first > 0 && is_name_char(text[first - 1])) --first;
    return text.substr(first);
}

/// `text` up to the bracket that closes more than was opened, or to the comma on the same level.
constexpr std::string_view until_closed(std::string_view text) noexcept {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
        if (depth == 0 && (c == ',' || c == ')' || c == '>' || c == '}' || c == ']'))
            return text.substr(0, i);
        if (c == ')' || c == '>' || c == '}' || c == ']') --depth;
    }
    return text;
}

/// Calls `take(index, name)` for each member.
template <class T, class Take>
constexpr void read_names(Take&& take) { // not consteval: GCC 12 then refuses a function that captures
    constexpr std::string_view marker = "kin_member_of.";
    std::string_view rest = spelled_members<T>();
    for (std::size_t i = 0; i < member_count<T>; ++i) {
        rest.remove_prefix(rest.find(marker) + marker.size());
        take(i, identifier_at_end(until_closed(rest)));
    }
}

template <std::size_t Count, std::size_t Characters> struct name_list {
    std::size_t begin[Count + 1]{};
    char characters[Characters + 1]{}; // each name with a final NUL
};

template <class T> consteval std::size_t characters_of_names() {
    std::size_t sum = 0;
    read_names<T>([&](std::size_t, std::string_view name) { sum += name.size() + 1; });
    return sum;
}

/// The names alone: the compiler's long string stays out of the program.
template <class T>
inline constexpr auto names_of = [] {
    name_list<member_count<T>, characters_of_names<T>()> list;
    read_names<T>([&](std::size_t i, std::string_view name) {
        std::size_t at = list.begin[i];
        for (const char c : name) list.characters[at++] = c;
        list.begin[i + 1] = at + 1;
    });
    return list;
}();

template <class T> consteval const char* spelled_type() {
    return __PRETTY_FUNCTION__; // GCC "... [with T = ns::User]", Clang "... [T = ns::User]"
}

/// "User" of ns::User and of ns::User<int>; empty for a class without a name.
template <class T> consteval std::string_view short_type_name() {
    std::string_view text = spelled_type<T>();
    text.remove_suffix(1);
    if (text.back() == '>') {
        int depth = 0;
        do {
            if (text.back() == '>') ++depth;
            if (text.back() == '<') --depth;
            text.remove_suffix(1);
        } while (depth > 0);
    }
    return identifier_at_end(text);
}

template <std::size_t Size> struct kept_text {
    char characters[Size + 1]{};
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, Size}; }
};

template <class T>
inline constexpr auto kept_type_name = [] {
    kept_text<short_type_name<T>().size()> kept;
    std::size_t at = 0;
    for (const char c : short_type_name<T>()) kept.characters[at++] = c;
    return kept;
}();

template <class T> consteval std::size_t table_name_size() {
    std::size_t size = 0;
    kin::detail::put_snake_case(short_type_name<T>(), [&](char) { ++size; });
    return size;
}
template <class T>
inline constexpr auto kept_table_name = [] {
    kept_text<table_name_size<T>()> kept;
    std::size_t at = 0;
    kin::detail::put_snake_case(short_type_name<T>(), [&](char c) { kept.characters[at++] = c; });
    return kept;
}();

template <auto Member> consteval const char* spelled_pointer() {
    return __PRETTY_FUNCTION__; // "... [with auto Member = &ns::User::name]"
}
template <auto Member> consteval std::string_view short_pointer_name() {
    std::string_view text = spelled_pointer<Member>();
    text.remove_suffix(1);
    return identifier_at_end(text);
}
template <auto Member>
inline constexpr auto kept_pointer_name = [] {
    kept_text<short_pointer_name<Member>().size()> kept;
    std::size_t at = 0;
    for (const char c : short_pointer_name<Member>()) kept.characters[at++] = c;
    return kept;
}();

template <class Pointer> struct class_of_pointer;
template <class Member, class Class> struct class_of_pointer<Member Class::*> {
    using type = Class;
};
template <auto Member> using class_of = typename class_of_pointer<std::remove_cv_t<decltype(Member)>>::type;

} // namespace detail

/// The name of member number `I`. Lifetime: static.
template <class T, std::size_t I>
    requires(I < member_count<T>)
consteval std::string_view member_name() {
    constexpr const auto& list = detail::names_of<std::remove_cv_t<T>>;
    return {list.characters + list.begin[I], list.begin[I + 1] - list.begin[I] - 1};
}

/// The position of a member: `index_of<&User::name>()`.
template <auto Member> consteval std::size_t index_of() {
    return detail::position<Member, detail::class_of<Member>>();
}

/// The name of a member: `member_pointer_name<&User::name>()`; its class may be any. Lifetime: static.
template <auto Member> consteval std::string_view member_pointer_name() {
    return detail::kept_pointer_name<Member>.view();
}

/// The name of a class without namespaces and template arguments; empty when it has none. Lifetime: static.
template <class T> consteval std::string_view type_name() {
    return detail::kept_type_name<std::remove_cv_t<T>>.view();
}

/// The class name in snake_case: BlogPost -> blog_post. Lifetime: static.
template <class T> consteval std::string_view table_name() {
    return detail::kept_table_name<std::remove_cv_t<T>>.view();
}

namespace detail {

// An unknown compiler should fail here, loudly, and not in the user's database.
struct self_test {
    int first;
    const char* second[2];
};
static_assert(member_count<self_test> == 2 && member_name<self_test, 0>() == "first" &&
                  member_name<self_test, 1>() == "second" && index_of<&self_test::second>() == 1 &&
                  table_name<self_test>() == "self_test",
              "kin: this compiler spells names in a way that kin does not know; please report its version");

} // namespace detail

} // namespace kin::reflect
