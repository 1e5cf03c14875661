// SPDX-License-Identifier: MIT
#include "kin/engine/process.hpp"

#if __has_include(<pthread.h>)
#include <pthread.h>
#endif

namespace kin::detail {

constinit std::atomic<std::uint64_t> forks_seen = 0;

void count_forks() noexcept {
#if __has_include(<pthread.h>)
    static const int registered =
        pthread_atfork(nullptr, nullptr, [] { forks_seen.fetch_add(1, std::memory_order_relaxed); });
    static_cast<void>(registered);
#endif
}

} // namespace kin::detail
