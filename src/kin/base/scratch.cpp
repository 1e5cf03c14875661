// SPDX-License-Identifier: MIT
#include "kin/base/scratch.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace kin {

namespace {

constexpr std::size_t first_block = 4 * 1024;
constexpr std::size_t largest_block = 1024 * 1024;
constexpr std::size_t alignment = alignof(std::max_align_t);

} // namespace

/// Stands in front of its bytes. The newest block is the head of the list.
struct alignas(std::max_align_t) scratch::block {
    block* older;
    std::size_t size; // bytes behind this header

    [[nodiscard]] char* begin() noexcept { return reinterpret_cast<char*>(this + 1); }
};

void scratch::free_blocks() noexcept {
    while (blocks_ != nullptr) {
        block* older = blocks_->older;
        ::operator delete(blocks_);
        blocks_ = older;
    }
}

void* scratch::allocate(std::size_t size) {
    if (size > std::numeric_limits<std::size_t>::max() - sizeof(block) - alignment) throw std::bad_alloc();
    const std::size_t needed = (size + alignment - 1) / alignment * alignment;
    if (needed > static_cast<std::size_t>(end_ - next_) || next_ == nullptr) {
        const std::size_t usual =
            blocks_ == nullptr ? first_block - sizeof(block) : std::min(blocks_->size * 2, largest_block);
        const std::size_t bytes = std::max(usual, needed);
        blocks_ = ::new (::operator new(sizeof(block) + bytes)) block{blocks_, bytes};
        next_ = blocks_->begin();
        end_ = next_ + bytes;
    }
    void* result = next_;
    next_ += needed;
    return result;
}

std::string_view scratch::copy(std::string_view bytes) {
    auto* to = static_cast<char*>(allocate(bytes.size()));
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    return {to, bytes.size()};
}

void scratch::rewind() noexcept {
    while (blocks_->older != nullptr) {
        block* older = blocks_->older;
        ::operator delete(blocks_);
        blocks_ = older;
    }
    next_ = blocks_->begin();
    end_ = next_ + blocks_->size;
}

} // namespace kin
