// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string_view>
#include <tuple>

#include "kin/postgresql/postgresql.hpp"

namespace kin {
class engine;
}

namespace kin::postgresql {

/// What an advisory lock is taken on: a number on which the programs of a database agree. Of a name, a 64-bit hash that never changes (FNV-1a).
class lock_key {
public:
    constexpr lock_key(std::int64_t number) noexcept : number_(number) {}
    constexpr lock_key(std::string_view name) noexcept : number_(hash(name)) {}
    constexpr lock_key(const char* name) noexcept : lock_key(std::string_view(name)) {}
    [[nodiscard]] constexpr std::int64_t number() const noexcept { return number_; }

private:
    static constexpr std::int64_t hash(std::string_view name) noexcept {
        std::uint64_t h = 0xCBF29CE484222325;
        for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3;
        return static_cast<std::int64_t>(h);
    }
    std::int64_t number_;
};

/// A lock of the server that guards no row, only what programs agree on: `kin::postgresql::advisory_lock alone{db.engine(), "nightly report"};`. Held from the
/// constructor to the destructor, by a connection of the engine's pool that is held as long. When that connection is lost, so is the lock:
/// is_held() asks. Not behind a pooler in transaction mode. Move-only. For one thread at a time.
class advisory_lock {
public:
    /// Waits for it. SQL: SELECT pg_advisory_lock($1). Throws: lock_timeout (advisory_lock_busy) when it is not free within `timeout_ms` (0: now); usage_error
    /// (wrong_database, no_session); pool_timeout, connection_error.
    advisory_lock(const engine& e, lock_key key, std::int64_t timeout_ms = 30'000,
                  std::source_location where = std::source_location::current());
    /// Nothing when somebody else has it. SQL: SELECT pg_try_advisory_lock($1).
    [[nodiscard]] static std::optional<advisory_lock>
    try_lock(const engine& e, lock_key key, std::source_location where = std::source_location::current());
    advisory_lock(advisory_lock&& other) noexcept;
    advisory_lock& operator=(advisory_lock&& other) noexcept;
    /// SQL: SELECT pg_advisory_unlock($1).
    ~advisory_lock();

    /// Asks the server for a sign of life: without one the lock is lost.
    [[nodiscard]] bool is_held() noexcept;

private:
    struct parts;
    explicit advisory_lock(std::unique_ptr<parts> p) noexcept;
    std::unique_ptr<parts> parts_;
};

/// Takes the lock for the rest of the session's transaction; commit and rollback let it go. Waits as long as the session's statements may take
/// (statement_timeout). `session`: a kin::session. SQL: SELECT pg_advisory_xact_lock($1). Throws: usage_error (wrong_database); statement_timeout,
/// lock_timeout (by lock_timeout_ms of the URL), deadlock: the transaction has failed then.
template <class Session> void lock_transaction(Session& session, lock_key key) {
    detail::require_postgresql(session.engine(), "kin::postgresql::lock_transaction");
    session.execute("SELECT pg_advisory_xact_lock(:key)", {{"key", key.number()}});
}

/// ... or returns false at once when somebody else has it. SQL: SELECT pg_try_advisory_xact_lock($1).
template <class Session> [[nodiscard]] bool try_lock_transaction(Session& session, lock_key key) {
    detail::require_postgresql(session.engine(), "kin::postgresql::try_lock_transaction");
    return std::get<0>(
        session.template sql<bool>("SELECT pg_try_advisory_xact_lock(:key)", {{"key", key.number()}}).one());
}

} // namespace kin::postgresql
