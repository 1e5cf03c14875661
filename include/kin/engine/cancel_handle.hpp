// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

namespace kin {

namespace detail {
struct cancel_target; // private: src/kin/engine/cancel_target.hpp
}

/// Stops what a session or a connection is doing, from another thread. A value; copies do the same. Safe for threads, at any time, also
/// when the session has ended.
class cancel_handle {
public:
    /// Does nothing.
    cancel_handle() = default;

    /// The statement that is running now throws statement_cancelled on its thread; when none is running, nothing happens. On an in-memory
    /// database, whose sessions share one connection, it may hit a statement of another session that begins at the same moment.
    void cancel() const noexcept;

    // for connections and sessions
    /// A handle that some lease can be told to obey.
    [[nodiscard]] static cancel_handle make();
    explicit cancel_handle(std::shared_ptr<detail::cancel_target> target) noexcept
        : target_(std::move(target)) {}
    [[nodiscard]] const std::shared_ptr<detail::cancel_target>& target() const noexcept { return target_; }

private:
    std::shared_ptr<detail::cancel_target> target_;
};

} // namespace kin
