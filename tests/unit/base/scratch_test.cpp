// SPDX-License-Identifier: MIT
#include "kin/base/scratch.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <vector>

TEST(scratch, a_copy_survives_its_source) {
    kin::scratch memory;
    std::string source(100, 'x');
    const std::string_view copy = memory.copy(source);
    source.assign(100, 'y');
    EXPECT_EQ(copy, std::string(100, 'x'));
}

TEST(scratch, copies_stay_valid_while_more_blocks_are_taken) {
    kin::scratch memory;
    std::vector<std::string_view> copies;
    for (std::size_t i = 0; i < 2000; ++i)
        copies.push_back(memory.copy(std::string(i, static_cast<char>('a' + i % 26))));
    for (std::size_t i = 0; i < 2000; ++i)
        EXPECT_EQ(copies[i], std::string(i, static_cast<char>('a' + i % 26)));
}

TEST(scratch, hands_out_memory_aligned_for_any_scalar) {
    kin::scratch memory;
    for (const std::size_t size : {1u, 3u, 17u, 5000u, 1u})
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.allocate(size)) % alignof(std::max_align_t), 0u);
}

TEST(scratch, an_empty_copy_has_an_address) {
    kin::scratch memory;
    EXPECT_NE(memory.copy("").data(), nullptr);
}

TEST(scratch, more_than_a_block_can_be_asked_for) {
    kin::scratch memory;
    const std::string large(5'000'000, 'z');
    EXPECT_EQ(memory.copy(large), large);
}

TEST(scratch, clear_keeps_the_first_block_for_reuse) {
    kin::scratch memory;
    const void* first = memory.allocate(16);
    (void)memory.allocate(100'000);
    memory.clear();
    EXPECT_EQ(memory.allocate(16), first);
}

TEST(scratch, refuses_sizes_that_no_machine_has) {
    kin::scratch memory;
    EXPECT_THROW((void)memory.allocate(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
}
