// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "kin/mapping/attribute.hpp"
#include "kin/mapping/column_callbacks.hpp"
#include "kin/sql/expression.hpp"

// What m.column<&Post::slug>().insert_default(...) and update_default(...) take, without its type.

namespace kin::detail {

/// What a function gives for an object of `T`; void when it is none that insert_default() takes.
template <class F, class T> [[nodiscard]] auto result_of_default() {
    if constexpr (std::is_invocable_v<const F&, const T&>)
        return std::type_identity<std::remove_cvref_t<std::invoke_result_t<const F&, const T&>>>();
    else if constexpr (std::is_invocable_v<const F&>)
        return std::type_identity<std::remove_cvref_t<std::invoke_result_t<const F&>>>();
    else
        return std::type_identity<void>();
}
template <class F, class T> using default_result = typename decltype(result_of_default<F, T>())::type;

/// Whether `V` is SQL, or a function that returns SQL: that one asks for no object.
template <class V, class T>
inline constexpr bool is_sql_default =
    sql_operand<V> || (!std::is_invocable_v<const V&, const T&> && sql_operand<default_result<V, T>>);

/// Whether `V` gives values for a member `M` of `T`.
template <class T, class M, class V>
inline constexpr bool is_default_for = [] {
    if constexpr (sql_operand<V>) {
        return can_store<M, V>;
    } else if constexpr (is_sql_default<V, T>) {
        return can_store<M, default_result<V, T>>;
    } else {
        return std::is_convertible_v<default_result<V, T>, M>;
    }
}();

/// A point in time that SQL makes has microseconds. `M` is none, or holds them.
template <class M> inline constexpr bool holds_microseconds = true;
template <class M>
    requires requires { codec<unwrapped_t<M>>::ticks::multiplier; }
inline constexpr bool holds_microseconds<M> =
    !is_timestamp<unwrapped_t<M>> || codec<unwrapped_t<M>>::ticks::multiplier == 1;

template <class T, class M, class F> class typed_value_maker final : public value_maker {
public:
    explicit typed_value_maker(F f) : call_(std::move(f)) {}
    void make(const void* object, void* member) const override {
        M& value = *static_cast<M*>(member);
        if constexpr (std::is_invocable_v<const F&, const T&>)
            value = static_cast<M>(call_(*static_cast<const T*>(object)));
        else
            value = static_cast<M>(call_());
    }

private:
    F call_;
};

template <class F> class typed_sql_source final : public sql_source {
public:
    explicit typed_sql_source(F f) : call_(std::move(f)) {}
    [[nodiscard]] expression get() const override { return call_().as_expression(); }

private:
    F call_;
};

/// Tells `options` what `v` is.
template <class T, class M, class V, class Options>
void set_default(Options& options, moment_of_default when, V v) {
    if constexpr (sql_operand<V>) {
        options.set_default(when, v.as_expression());
    } else if constexpr (is_sql_default<V, T>) {
        options.set_default(when, std::make_unique<typed_sql_source<V>>(std::move(v)));
    } else {
        options.set_default(when, std::make_unique<typed_value_maker<T, M, V>>(std::move(v)),
                            std::is_invocable_v<const V&, const T&>);
    }
}

} // namespace kin::detail
