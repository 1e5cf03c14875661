// SPDX-License-Identifier: MIT
#pragma once

namespace kin::sqlite {

/// has_wal_reset_bug() for a version number as SQLite writes it: 3051003 is 3.51.3.
[[nodiscard]] constexpr bool has_wal_reset_bug(int version) noexcept {
    if (version >= 3044006 && version < 3045000) return false;
    if (version >= 3050007 && version < 3051000) return false;
    return version >= 3007000 && version < 3051003;
}

} // namespace kin::sqlite
