// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "kin/base/value.hpp"

namespace kin {

class dialect;
struct compiled_statement; // compiler.hpp

/// A named value for raw SQL: `{"p", "J%"}` binds `:p`.
using named_value = std::pair<std::string_view, value>;

/// Raw SQL with `:name` placeholders turned into the dialect's own. Quoted text, identifiers in "..", `..` and [..], comments and `::`
/// casts are left alone; one name may stand in several places.
/// Throws: compile_error (missing_bind) or (unknown_bind), naming the bind.
[[nodiscard]] compiled_statement compile_text(const dialect& d, std::string_view sql,
                                              std::span<const named_value> binds);
[[nodiscard]] compiled_statement compile_text(const dialect& d, std::string_view sql,
                                              std::initializer_list<named_value> binds);

} // namespace kin
