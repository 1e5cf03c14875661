// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include "kin/engine/cancel_handle.hpp"

namespace kin {

struct pooled_connection;

namespace detail {

/// What a cancel_handle and a lease have in common: which lease it is, while there is one.
struct cancel_target {
    void take(pooled_connection& lease) {
        const std::lock_guard guard(mutex);
        current = &lease;
    }
    /// Returns when no cancel() is under way any more.
    void let_go() noexcept {
        const std::lock_guard guard(mutex);
        current = nullptr;
    }

    std::mutex mutex;
    pooled_connection* current = nullptr; // guarded by mutex
};

} // namespace detail
} // namespace kin
