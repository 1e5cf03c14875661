// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace kin::testing {

/// While it lives, the allocations of this thread are counted, and one of them throws std::bad_alloc. The program's operator new is
/// replaced for it: off, it costs one comparison. At most one lives in a thread.
class failing_allocator {
public:
    enum class mode : std::uint8_t {
        once,         // the others get their memory
        from_then_on, // nobody gets any more, as long as this lives
    };
    /// The `nth` allocation from now on fails; 1 is the next one.
    explicit failing_allocator(std::size_t nth, mode m = mode::once) noexcept;
    failing_allocator(const failing_allocator&) = delete;
    failing_allocator& operator=(const failing_allocator&) = delete;
    ~failing_allocator();

    [[nodiscard]] bool fired() const noexcept;
};

} // namespace kin::testing
