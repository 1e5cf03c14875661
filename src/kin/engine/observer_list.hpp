// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "kin/engine/events.hpp"

namespace kin {

/// The observers of an engine, of one kind. Threads share it. Asking whether there are any is one atomic load; an observer that was removed is not
/// called any more once remove() has returned. An observer must not add or remove observers, nor run statements, while it is called.
template <class Observer> class observer_list {
public:
    void add(Observer& observer) {
        const std::unique_lock lock(mutex_);
        observers_.push_back(&observer);
        any_.store(true, std::memory_order_relaxed);
    }
    void remove(Observer& observer) noexcept {
        const std::unique_lock lock(mutex_);
        std::erase(observers_, &observer);
        any_.store(!observers_.empty(), std::memory_order_relaxed);
    }
    [[nodiscard]] bool empty() const noexcept { return !any_.load(std::memory_order_relaxed); }
    template <class Call> void each(Call&& call) const noexcept {
        const std::shared_lock lock(mutex_);
        for (Observer* observer : observers_) call(*observer);
    }

private:
    mutable std::shared_mutex mutex_;
    std::vector<Observer*> observers_;
    std::atomic<bool> any_ = false;
};

using statement_observers = observer_list<statement_observer>;
using connection_observers = observer_list<connection_observer>;

} // namespace kin
