// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace kin::postgresql {

/// NUMERIC in binary form as the shortest text of the number, as cell_kind::decimal has it: "-12.5", "100", "NaN", "Infinity".
/// Empty when `bytes` are no NUMERIC.
[[nodiscard]] std::string text_of_numeric(std::string_view bytes);

/// A number written in decimal ("-12.5") as NUMERIC in binary form; empty when it is none, or has more digits than NUMERIC has.
[[nodiscard]] std::string numeric_of_text(std::string_view text);

/// A number written in decimal, without the zeros that say nothing: "1.50" is "1.5", "-0.0" is "0".
[[nodiscard]] std::string_view shortest_decimal(std::string_view text) noexcept;

} // namespace kin::postgresql
