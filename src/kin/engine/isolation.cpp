// SPDX-License-Identifier: MIT
#include "kin/engine/isolation.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"

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

void require_level(const driver& d, isolation_level level) {
    if (level == isolation_level::unspecified || d.has_isolation_level(level)) return;
    std::string message = "this database has no isolation level ";
    message += isolation_level_text(level);
    const char* separator = "; there are: ";
    for (const auto other : {isolation_level::read_uncommitted, isolation_level::read_committed,
                             isolation_level::repeatable_read, isolation_level::serializable}) {
        if (!d.has_isolation_level(other)) continue;
        message.append(std::exchange(separator, ", ")).append(isolation_level_text(other));
    }
    throw usage_error({.code = "unsupported_isolation", .message = std::move(message), .sql = {}});
}

} // namespace kin
