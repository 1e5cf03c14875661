// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace kin {

/// Memory for the text of cells that have no home of their own, such as the name of an enumerator built on the fly.
/// Everything is freed at once by `clear()` or the destructor. For one thread.
class scratch {
public:
    scratch() noexcept = default;
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() {
        if (blocks_ != nullptr) free_blocks();
    }

    /// `size` bytes, aligned for any scalar; valid until `clear()`. Throws: std::bad_alloc.
    [[nodiscard]] void* allocate(std::size_t size);
    /// A copy of `bytes`, valid until `clear()`.
    [[nodiscard]] std::string_view copy(std::string_view bytes);
    /// Forgets everything handed out and keeps the first block for reuse.
    void clear() noexcept {
        if (blocks_ != nullptr) rewind();
    }

private:
    void free_blocks() noexcept;
    void rewind() noexcept;

    struct block;
    block* blocks_ = nullptr;
    char* next_ = nullptr;
    char* end_ = nullptr;
};

} // namespace kin
