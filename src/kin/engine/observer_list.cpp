// SPDX-License-Identifier: MIT
#include "kin/engine/observer_list.hpp"

#include <mutex>

namespace kin {

void observer_list::add(statement_observer& observer) {
    const std::unique_lock lock(mutex_);
    observers_.push_back(&observer);
    any_.store(true, std::memory_order_relaxed);
}

void observer_list::remove(statement_observer& observer) noexcept {
    const std::unique_lock lock(mutex_);
    std::erase(observers_, &observer);
    any_.store(!observers_.empty(), std::memory_order_relaxed);
}

void observer_list::notify(const statement_event& event) const noexcept {
    const std::shared_lock lock(mutex_);
    for (statement_observer* observer : observers_) observer->executed(event);
}

} // namespace kin
