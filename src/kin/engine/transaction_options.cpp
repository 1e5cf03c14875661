// SPDX-License-Identifier: MIT
#include "kin/engine/transaction_options.hpp"

namespace kin {

std::string_view isolation_level_text(isolation_level level) noexcept {
    switch (level) {
    case isolation_level::unspecified: break;
    case isolation_level::read_uncommitted: return "READ UNCOMMITTED";
    case isolation_level::read_committed: return "READ COMMITTED";
    case isolation_level::repeatable_read: return "REPEATABLE READ";
    case isolation_level::serializable: return "SERIALIZABLE";
    }
    return {};
}

} // namespace kin
