// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kin::detail {

/// Appends `text` (UTF-8) as a JSON string, with its quotes. Only what must be escaped is.
void append_json_string(std::string& out, std::string_view text);

/// Takes a JSON string from the front of `text`, from its opening quote to its closing one, and puts its content into `content`.
/// False, and `text` as far as it was read, when there is none.
[[nodiscard]] bool take_json_string(std::string_view& text, std::string& content);

/// Takes a JSON number from the front of `text`; empty when there is none.
[[nodiscard]] std::string_view take_json_number(std::string_view& text) noexcept;

/// One JSON value in one form: without spaces, the members of an object in the order of their names' length and then of their bytes, the
/// last of two with one name, strings with no more escapes than needed, numbers without an exponent where that has at most 400
/// digits. Nothing when `text` is no JSON (RFC 8259), is not UTF-8, or is nested deeper than 500.
[[nodiscard]] std::optional<std::string> normalised_json(std::string_view text);

} // namespace kin::detail
