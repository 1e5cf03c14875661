// SPDX-License-Identifier: MIT
#pragma once

namespace kin::detail {

/// A flag that is up as long as this lives.
struct flag_guard {
    explicit flag_guard(bool& f) noexcept : flag(f) { flag = true; }
    flag_guard(const flag_guard&) = delete;
    flag_guard& operator=(const flag_guard&) = delete;
    ~flag_guard() { flag = false; }
    bool& flag;
};

} // namespace kin::detail
