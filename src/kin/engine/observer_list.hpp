// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <shared_mutex>
#include <vector>

#include "kin/engine/events.hpp"

namespace kin {

/// The observers of an engine. Threads share it. Asking whether there are any is one atomic load; an observer that was removed is not
/// called any more once remove() has returned. An observer must not add or remove observers, nor run statements, while it is called.
class observer_list {
public:
    void add(statement_observer& observer);
    void remove(statement_observer& observer) noexcept;
    [[nodiscard]] bool empty() const noexcept { return !any_.load(std::memory_order_relaxed); }
    void notify(const statement_event& event) const noexcept;

private:
    mutable std::shared_mutex mutex_;
    std::vector<statement_observer*> observers_;
    std::atomic<bool> any_ = false;
};

} // namespace kin
