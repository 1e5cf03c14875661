// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kin {

namespace detail {

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Calls `put(char)` for each character of the snake_case of `name`.
template <class Put> constexpr void put_snake_case(std::string_view name, Put&& put) {
    bool leading = true; // leading underscores are dropped
    const auto emit = [&](char c) {
        leading = leading && c == '_';
        if (!leading) put(c);
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!is_upper(name[i])) {
            emit(name[i]);
            continue;
        }
        const bool after_word = i > 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
        const bool before_word = i > 0 && i + 1 < name.size() && is_lower(name[i + 1]);
        if (after_word || before_word) emit('_');
        emit(static_cast<char>(name[i] - 'A' + 'a'));
    }
}

} // namespace detail

/// The table name of a class: BlogPost -> blog_post, HTTPLayout -> http_layout, OAuth2Token -> o_auth2_token.
[[nodiscard]] constexpr std::string snake_case(std::string_view name) {
    std::string result;
    detail::put_snake_case(name, [&](char c) { result.push_back(c); });
    return result;
}

} // namespace kin
