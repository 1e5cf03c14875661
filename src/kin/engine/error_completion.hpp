// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"

namespace kin {

class error;

/// What errors show of parameters: kind and size, never the content. Of long lists only the beginning.
[[nodiscard]] std::vector<std::string> redact(std::span<const cell> parameters);

/// Throws `e` again as the same class, with the statement and its redacted parameters. To be called in a handler of `e`.
/// An error that already names a statement, or whose class is not kin's own, is thrown as it is.
[[noreturn]] void rethrow_completed(const error& e, std::string_view sql, std::span<const cell> parameters);

} // namespace kin
