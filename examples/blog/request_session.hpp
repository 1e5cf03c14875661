// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <kin/kin.hpp>
#include <optional>

namespace blog {

/// The database as one request sees it: a kin::session that is opened when a handler first asks for it. What the handler
/// does not commit is rolled back, whether it returns or throws. Lives on the stack of the request's thread.
class request_session final : private kin::statement_observer {
public:
    explicit request_session(const kin::database& database, const kin::session_options& options = {})
        : database_(database),
          options_(options) {
        options_.observer = this;
    }
    request_session(const request_session&) = delete;
    request_session& operator=(const request_session&) = delete;

    kin::session& operator*() {
        if (!session_) session_.emplace(database_.session(options_));
        return *session_;
    }
    kin::session* operator->() { return &**this; }
    /// Rolls back what is not committed and gives the connection back.
    void close() { session_.reset(); }

    /// Statements so far, without BEGIN, COMMIT and ROLLBACK.
    [[nodiscard]] std::int64_t statements() const noexcept { return statements_; }
    [[nodiscard]] double milliseconds() const noexcept { return static_cast<double>(nanoseconds_) / 1e6; }

private:
    void executed(const kin::statement_event& event) noexcept override {
        if (event.transaction_control) return;
        ++statements_;
        nanoseconds_ += event.duration_ns;
    }

    const kin::database& database_;
    kin::session_options options_;
    std::int64_t statements_ = 0;
    std::int64_t nanoseconds_ = 0;
    std::optional<kin::session> session_; // goes first: it reports to the members above
};

} // namespace blog
