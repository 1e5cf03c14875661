// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace kin::sqlite {

/// The version of the SQLite library that is linked, "3.51.3".
[[nodiscard]] std::string_view version() noexcept;

/// Whether that version can corrupt a database in WAL mode when a commit and a checkpoint of another connection race: 3.7.0 to 3.51.2,
/// except 3.44.6 and later of 3.44, and 3.50.7 and later of 3.50. kin itself never runs a checkpoint; do not run one either.
[[nodiscard]] bool has_wal_reset_bug() noexcept;

} // namespace kin::sqlite
