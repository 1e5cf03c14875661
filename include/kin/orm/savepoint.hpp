// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "kin/base/error.hpp"

namespace kin {

namespace detail {
class session_core;
}

/// A part of a transaction that can be undone alone: `{ auto savepoint = session.begin_nested(); ...; savepoint.commit(); }`.
/// The destructor rolls back what was not committed. Savepoints nest; the innermost one ends first.
/// Lifetime: keeps what it needs of its session. Move-only.
class [[nodiscard]] savepoint {
public:
    savepoint(savepoint&& other) noexcept;
    savepoint& operator=(savepoint&&) = delete;
    ~savepoint();

    /// Writes pending changes and keeps all that happened since; it still goes when the transaction rolls back. SQL: RELEASE SAVEPOINT
    /// Throws: as session::flush(); state_error (savepoint_ended) when it or the transaction has ended, or an inner one is open.
    void commit(call_place where = call_place::current());
    /// Undoes all that happened since, in the database and in memory: objects, both sides of relationships, what was added and removed. After an
    /// error in a flush since, the session works again, unless the database gave up the whole transaction.
    /// SQL: ROLLBACK TO SAVEPOINT, RELEASE SAVEPOINT. Throws: as commit().
    void rollback(call_place where = call_place::current());
    /// Neither committed nor rolled back, and its transaction goes on.
    [[nodiscard]] bool is_active() const noexcept;

private:
    friend class session;
    explicit savepoint(std::shared_ptr<detail::session_core> core);
    std::shared_ptr<detail::session_core> core_;
    std::uint64_t number_;
};

} // namespace kin
