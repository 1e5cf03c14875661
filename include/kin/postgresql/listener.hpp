// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>

#include "kin/postgresql/postgresql.hpp"

namespace kin {
class engine;
}

namespace kin::postgresql {

/// What somebody has sent to a channel.
struct notification {
    std::string channel;
    std::string payload;     // empty when there was none
    std::int32_t sender = 0; // the process id of the sender's session at the server
};

/// Hears what is sent to channels: `kin::postgresql::listener hears{db.engine()}; hears.listen("posts"); while (auto n = hears.wait(60'000)) ...`. Holds a connection
/// of the engine's pool as long as it lives. What is sent before listen() is not heard, nor what is sent while no listener is there: look at the
/// tables once after listen(). Not behind a pooler in transaction mode.
/// Move-only. For one thread at a time.
class listener {
public:
    /// Throws: usage_error (wrong_database, no_session); pool_timeout, connection_error.
    explicit listener(const engine& e, std::source_location where = std::source_location::current());
    listener(listener&& other) noexcept;
    listener& operator=(listener&& other) noexcept;
    ~listener();

    /// Hears this channel from now on, beside the others. SQL: LISTEN "channel". Throws: compile_error (bad_identifier); database_error.
    void listen(std::string_view channel);
    /// SQL: UNLISTEN "channel".
    void unlisten(std::string_view channel);
    /// The next notification; nothing when none comes within `timeout_ms` (0: only what is here already). Its own sessions' are heard as well.
    /// Throws: connection_error when the server is gone: make a new listener, and look at the tables again.
    [[nodiscard]] std::optional<notification> wait(std::int64_t timeout_ms);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

/// Sends to a channel within the session's transaction: listeners hear it when that commits, in the order of the commits; nobody does when it is rolled
/// back. The same payload twice in a transaction is sent once. `session`: a kin::session.
/// SQL: SELECT pg_notify(...), the channel and payload bound. Throws: usage_error (wrong_database); database_error, also for a payload of 8000 bytes and more.
template <class Session>
void notify(Session& session, std::string_view channel, std::string_view payload = {}) {
    detail::require_postgresql(session.engine(), "kin::postgresql::notify");
    session.execute("SELECT pg_notify(CAST(:channel AS TEXT), CAST(:payload AS TEXT))",
                    {{"channel", std::string(channel)}, {"payload", std::string(payload)}});
}

} // namespace kin::postgresql
