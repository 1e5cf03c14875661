// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace kin {

/// Throws: compile_error, always.
[[noreturn]] void refuse(std::string_view code, std::string message);

} // namespace kin
