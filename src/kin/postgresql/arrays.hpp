// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kin::postgresql {

/// The type of the elements of an array type, of those whose elements kin reads; any_type when it is none of them.
[[nodiscard]] std::uint32_t element_of(std::uint32_t array_type) noexcept;

/// The JSON text of an array (array_text.hpp) as PostgreSQL writes arrays: {1,NULL,"a"}. It fits an array of any type whose elements have that
/// text. Nothing when `json` is no array of scalars.
[[nodiscard]] std::optional<std::string> literal_of_json(std::string_view json);

/// The JSON text of an array in binary form, and in the text form of PostgreSQL. Nothing for an array of several dimensions, and for elements that
/// have no place in JSON text of arrays. Throws: std::bad_alloc.
[[nodiscard]] std::optional<std::string> json_of_binary_array(std::string_view bytes);
[[nodiscard]] std::optional<std::string> json_of_text_array(std::uint32_t array_type, std::string_view text);

} // namespace kin::postgresql
