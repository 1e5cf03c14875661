// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tuple>
#include <type_traits>

#include "kin/base/options.hpp"
#include "kin/mapping/describe.hpp"

namespace kin {

/// The table's name, in place of the class name in snake_case: `kin::table_name{"users"}`.
template <std::size_t N> struct table_name {
    fixed_string<N> text;
    constexpr table_name(const char (&name)[N]) noexcept : text(name) {}
};
/// The schema that the table lies in: `kin::table_schema{"sales"}`, as m.schema("sales") in describe().
template <std::size_t N> struct table_schema {
    fixed_string<N> text;
    constexpr table_schema(const char (&name)[N]) noexcept : text(name) {}
};
/// CHECK (sql): `kin::check{"length(name) > 0"}`.
template <std::size_t N> struct check {
    fixed_string<N> text;
    constexpr check(const char (&sql)[N]) noexcept : text(sql) {}
};
template <auto... Members> struct unique_members {};
template <auto... Members> struct index_members {};
template <auto... Members> struct key_members {};
/// UNIQUE over several columns: `kin::unique_together<&User::first, &User::last>`.
template <auto... Members> inline constexpr unique_members<Members...> unique_together{};
/// An index over one or more columns: `kin::index_on<&User::name, &User::bio>`.
template <auto... Members> inline constexpr index_members<Members...> index_on{};
/// The primary key, where it is not told by the members' types: `kin::key_of<&Line::order_id, &Line::number>`.
template <auto... Members> inline constexpr key_members<Members...> key_of{};

/// What stands in a model's static member `kin_options`:
///
///     static constexpr auto kin_options = kin::options(kin::table_name{"users"}, kin::index_on<&User::name>);
///
/// A static member changes neither the layout of the class nor how it is initialised.
template <class... Options>
[[nodiscard]] constexpr std::tuple<Options...> options(const Options&... given) noexcept {
    return {given...};
}

namespace detail {

template <class T> class option_applier {
public:
    explicit option_applier(mapping<T>& m) noexcept : mapping_(m) {}
    template <std::size_t N> void operator()(const table_name<N>& o) {
        mapping_.table(std::string(o.text.view()));
    }
    template <std::size_t N> void operator()(const table_schema<N>& o) {
        mapping_.schema(std::string(o.text.view()));
    }
    template <std::size_t N> void operator()(const check<N>& o) {
        mapping_.check(std::string(o.text.view()));
    }
    template <std::size_t N> void operator()(const comment<N>& o) {
        mapping_.comment(std::string(o.text.view()));
    }
    template <auto... Members> void operator()(unique_members<Members...>) {
        mapping_.template unique<Members...>();
    }
    template <auto... Members> void operator()(index_members<Members...>) {
        mapping_.template index<Members...>();
    }
    template <auto... Members> void operator()(key_members<Members...>) {
        mapping_.template primary_key<Members...>();
    }

private:
    mapping<T>& mapping_;
};

/// Applies T::kin_options, if T has them.
template <class T> void apply_options(mapping<T>& m) {
    if constexpr (requires { T::kin_options; }) {
        std::apply([&](const auto&... o) { (option_applier<T>(m)(o), ...); }, T::kin_options);
    }
}

} // namespace detail
} // namespace kin
