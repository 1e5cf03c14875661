// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace kin {

/// "kin finds it": the default of the second parameter of has_many and belongs_to.
struct inferred {
    [[nodiscard]] constexpr bool operator==(const inferred&) const noexcept = default;
};

/// The second parameter of has_many and belongs_to: nothing, a member pointer, or a member's name.
template <class K> struct by {
    K value{};
    constexpr by(K k) noexcept : value(k) {}
};
template <std::size_t N> struct name_literal {
    char text[N]{};
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};
template <std::size_t N> struct by<name_literal<N>> {
    name_literal<N> value{};
    constexpr by(const char (&text)[N]) noexcept {
        for (std::size_t i = 0; i < N; ++i) value.text[i] = text[i];
    }
};
template <std::size_t N> by(const char (&)[N]) -> by<name_literal<N>>;
template <class M, class C> by(M C::*) -> by<M C::*>;

} // namespace kin
