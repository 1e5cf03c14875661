// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace kin {

class url;
struct engine_options;

/// Whether a URL of any dialect may have the option, since the engine reads it.
[[nodiscard]] bool is_engine_option(std::string_view name) noexcept;
/// Appends their names, each after a space.
void append_engine_options(std::string& out);
/// Sets those members of `out` that the URL names. Throws: usage_error (bad_url).
void read_engine_options(const url& where, engine_options& out);

} // namespace kin
