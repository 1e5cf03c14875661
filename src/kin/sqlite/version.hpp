// SPDX-License-Identifier: MIT
#pragma once

namespace kin::sqlite {

/// has_wal_reset_bug() for a version number as SQLite writes it: 3051003 is 3.51.3.
[[nodiscard]] constexpr bool has_wal_reset_bug(int number) noexcept {
    if (number >= 3044006 && number < 3045000) return false;
    if (number >= 3050007 && number < 3051000) return false;
    return number >= 3007000 && number < 3051003;
}

} // namespace kin::sqlite
