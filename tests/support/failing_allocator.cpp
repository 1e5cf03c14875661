// SPDX-License-Identifier: MIT
#include "support/failing_allocator.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

// malloc and free stay who they are, so AddressSanitizer and its leak check see every allocation as usual.

namespace kin::testing {

namespace {

struct countdown {
    std::size_t left = 0; // 0: off
    bool goes_on = false;
    bool fired = false;
};
thread_local countdown counted;

/// Whether this allocation has to fail.
bool is_due() noexcept {
    if (counted.left == 0 || --counted.left != 0) return false;
    counted.fired = true;
    if (counted.goes_on) counted.left = 1;
    return true;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
    if (is_due()) return nullptr;
    size = std::max<std::size_t>(size, 1);
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    if (void* memory = allocate(size, alignment)) return memory;
    throw std::bad_alloc();
}

constexpr std::size_t usual = alignof(std::max_align_t);

} // namespace

failing_allocator::failing_allocator(std::size_t nth, mode m) noexcept {
    counted = {.left = nth, .goes_on = m == mode::from_then_on};
}
failing_allocator::~failing_allocator() { counted = {}; }

bool failing_allocator::fired() const noexcept { return counted.fired; }

} // namespace kin::testing

using kin::testing::allocate;
using kin::testing::allocate_or_throw;
using kin::testing::usual;

// clang-format off
void* operator new(std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new(std::size_t size, std::align_val_t a) { return allocate_or_throw(size, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t size, std::align_val_t a) { return allocate_or_throw(size, static_cast<std::size_t>(a)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, usual); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, usual); }
void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(size, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(size, static_cast<std::size_t>(a)); }

void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept { std::free(p); }
// clang-format on
