// SPDX-License-Identifier: MIT
#include "kin/testing/statement_counter.hpp"

#include <mutex>
#include <new>

#include "kin/engine/events.hpp"

namespace kin::testing {

class statement_counter::recorder final : public statement_observer {
public:
    void executed(const statement_event& event) noexcept override {
        const std::lock_guard guard(mutex);
        if (event.transaction_control) {
            transactions += event.sql != "COMMIT" && event.sql != "ROLLBACK"
                                ? 1
                                : 0; // each database begins in its own words
            return;
        }
        ++count;
        try {
            statements.emplace_back(event.sql);
        } catch (const std::bad_alloc&) {
            return; // counted, though its text is not there
        }
    }

    mutable std::mutex mutex;
    std::size_t count = 0;
    std::vector<std::string> statements;
    std::size_t transactions = 0;
};

statement_counter::statement_counter(const kin::engine& e)
    : engine_(e),
      recorder_(std::make_unique<recorder>()) {
    engine_.add_observer(*recorder_);
}

statement_counter::~statement_counter() { engine_.remove_observer(*recorder_); }

std::size_t statement_counter::count() const {
    const std::lock_guard guard(recorder_->mutex);
    return recorder_->count;
}

std::size_t statement_counter::transactions() const {
    const std::lock_guard guard(recorder_->mutex);
    return recorder_->transactions;
}

std::vector<std::string> statement_counter::statements() const {
    const std::lock_guard guard(recorder_->mutex);
    return recorder_->statements;
}

void statement_counter::reset() {
    const std::lock_guard guard(recorder_->mutex);
    recorder_->count = 0;
    recorder_->statements.clear();
    recorder_->transactions = 0;
}

} // namespace kin::testing
