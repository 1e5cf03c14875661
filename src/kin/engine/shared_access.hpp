// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace kin {

/// Orders the leases that share one physical connection, as those of an in-memory database do. Two rights:
/// - the statement lock, held while a statement runs; a thread may hold it several times (cursors inside cursors);
/// - writing, held by one lease from its first write until commit or rollback. Reading needs no such right, so a reader sees what
///   the writer has not committed yet.
class shared_access {
public:
    /// A lease, as far as this class knows it: its address.
    using lease = const void*;

    void lock();
    void unlock() noexcept;

    /// Waits until nobody else writes. The caller must not hold the statement lock for a statement of its own.
    /// Throws: lock_timeout (memory_database_busy), at once when waiting could not help: when the writer is another lease of this thread,
    /// or when this thread holds the statement lock that the writer needs to finish.
    void claim_writing(lease by, std::int64_t timeout_ms);
    void release_writing(lease by) noexcept;
    [[nodiscard]] bool is_writing(lease by) const noexcept {
        return writer_.load(std::memory_order_relaxed) == by;
    }

private:
    std::mutex statement_mutex_;
    std::atomic<std::thread::id> holder_;
    int depth_ = 0; // guarded by statement_mutex_

    std::mutex writer_mutex_;
    std::condition_variable released_;
    std::atomic<lease> writer_ = nullptr; // written under writer_mutex_
    std::thread::id writer_thread_;       // guarded by writer_mutex_
};

} // namespace kin
