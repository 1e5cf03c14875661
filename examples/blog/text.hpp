// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace blog {

/// Without the white space at its ends. Lifetime: as `text`.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// How many characters UTF-8 text has.
[[nodiscard]] std::size_t character_count(std::string_view text);
/// The beginning of a text, about `length` bytes of it, cut between words.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t length);
/// "Maya Lindqvist" -> "ML"
[[nodiscard]] std::string initials(std::string_view name);
/// 12345 -> "12,345"
[[nodiscard]] std::string with_commas(std::int64_t number);
/// "1 comment", "2 comments", "no comments"
[[nodiscard]] std::string counted(std::int64_t number, std::string_view noun);
/// "1 reply", "2 replies", "no replies"
[[nodiscard]] std::string counted(std::int64_t number, std::string_view one, std::string_view many);
/// "rye & co" -> "rye%20%26%20co", for the last part of an address.
[[nodiscard]] std::string address_part(std::string_view text);

/// The number that the whole text is; nothing when it is something else or does not fit.
template <class Number> [[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace blog
