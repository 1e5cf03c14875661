// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kin {

class url;
struct engine_options;
enum class name_style : std::uint8_t;

/// Whether a URL of any dialect may have the option, since the engine reads it.
[[nodiscard]] bool is_engine_option(std::string_view name) noexcept;
/// Appends their names, each after a space.
void append_engine_options(std::string& out);
/// Sets those members of `out` that the URL names. Throws: usage_error (bad_url).
void read_engine_options(const url& where, engine_options& out);

/// The URL's option `names`. Throws: usage_error (bad_url).
[[nodiscard]] name_style read_name_style(const url& where);

} // namespace kin
