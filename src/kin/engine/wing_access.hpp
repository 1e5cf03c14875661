// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/connection.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin::detail {

/// For the wings' own public classes, which do what only their database can: the driver's connection below a lease.
struct wing_access {
    /// Lifetime: the lease. Throws: pending_rollback, state_error (forked_connection).
    [[nodiscard]] static driver_connection& driver_of(connection& c) {
        c.lease_->require_usable();
        return *c.lease_->physical->driver;
    }
    [[nodiscard]] static pooled_connection& lease_of(connection& c) noexcept { return *c.lease_; }
};

} // namespace kin::detail
