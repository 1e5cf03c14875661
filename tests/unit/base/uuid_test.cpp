// SPDX-License-Identifier: MIT
#include "kin/base/uuid.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "kin/base/codec.hpp"
#include "kin/base/error.hpp"
#include "kin/base/field.hpp"

using kin::uuid;

namespace {

constexpr const char* text = "0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e";

TEST(uuid, is_written_as_it_is_read) {
    EXPECT_EQ(uuid(text).to_string(), text);
    EXPECT_EQ(uuid("0190B5F88C1E7C3A9A4E3B9F6A1C2D5E"), uuid(text));
    EXPECT_EQ(uuid().to_string(), "00000000-0000-0000-0000-000000000000");
    EXPECT_TRUE(uuid().is_nil());
    std::ostringstream out;
    out << uuid(text);
    EXPECT_EQ(out.str(), text);
}

TEST(uuid, refuses_every_other_text) {
    for (const char* wrong :
         {"", "0190b5f8", "0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5", "0190b5f8_8c1e-7c3a-9a4e-3b9f6a1c2d5e",
          "0190b5f88-c1e-7c3a-9a4e-3b9f6a1c2d5e", "g190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e",
          "{190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e}", "0190b5f88c1e7c3a9a4e3b9f6a1c2d5 "})
        EXPECT_FALSE(uuid::parse(wrong)) << wrong;
    try {
        (void)uuid("John");
        FAIL();
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.code(), "invalid_uuid");
    }
}

TEST(uuid, compares_in_the_order_of_its_digits) {
    EXPECT_LT(uuid("00000000-0000-0000-0000-0000000000ff"), uuid("00000000-0000-0000-0000-000000000100"));
    EXPECT_LT(uuid("7fffffff-ffff-ffff-ffff-ffffffffffff"), uuid("80000000-0000-0000-0000-000000000000"));
}

TEST(uuid, v4_is_random_and_marked_as_such) {
    std::unordered_set<uuid> made;
    for (int i = 0; i < 10'000; ++i) {
        const uuid id = uuid::v4();
        ASSERT_EQ(id.version(), 4);
        ASSERT_EQ(id.bytes()[8] >> 6, 2);
        ASSERT_TRUE(made.insert(id).second);
    }
}

TEST(uuid, v7_ascends_in_each_thread_and_is_unique_among_all) {
    constexpr std::size_t threads = 4;
    std::vector<std::vector<uuid>> made(threads);
    std::vector<std::thread> workers;
    for (std::size_t t = 0; t < threads; ++t) {
        workers.emplace_back([&, t] {
            for (int i = 0; i < 5'000; ++i) made[t].push_back(uuid::v7());
        });
    }
    for (std::thread& w : workers) w.join();
    std::set<uuid> all;
    for (const auto& of_thread : made) {
        for (std::size_t i = 0; i < of_thread.size(); ++i) {
            ASSERT_EQ(of_thread[i].version(), 7);
            ASSERT_EQ(of_thread[i].bytes()[8] >> 6, 2);
            ASSERT_TRUE(i == 0 || of_thread[i - 1] < of_thread[i]);
            ASSERT_TRUE(all.insert(of_thread[i]).second);
        }
    }
}

TEST(uuid, a_forked_process_makes_others) {
    (void)uuid::v4(); // this thread has random bytes in store now
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const uuid id = uuid::v4();
        const bool written = write(pipe_ends[1], id.bytes(), uuid::size) == static_cast<ssize_t>(uuid::size);
        _exit(written ? 0 : 1);
    }
    unsigned char theirs[uuid::size] = {};
    EXPECT_EQ(read(pipe_ends[0], theirs, sizeof theirs), static_cast<ssize_t>(sizeof theirs));
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    EXPECT_NE(uuid::from_bytes(theirs), uuid::v4());
}

TEST(uuid, travels_as_sixteen_bytes) {
    const uuid id(text);
    kin::cell c;
    kin::scratch memory;
    ASSERT_TRUE(kin::codec<uuid>::encode(id, kin::encoder{c, memory}));
    EXPECT_EQ(c.kind, kin::cell_kind::uuid);
    EXPECT_EQ(c.bytes(), std::string_view(reinterpret_cast<const char*>(id.bytes()), 16));
    uuid back;
    EXPECT_TRUE(kin::codec<uuid>::decode(back, c));
    EXPECT_EQ(back, id);
    EXPECT_TRUE(kin::codec<uuid>::decode(back, kin::cell::of_text(text)));
    EXPECT_FALSE(kin::codec<uuid>::decode(back, kin::cell::of_text("0190b5f8")));
    EXPECT_FALSE(kin::codec<uuid>::decode(back, kin::cell::of_integer(1)));
    EXPECT_FALSE(kin::codec<uuid>::decode(back, kin::cell()));
}

TEST(uuid, a_key_of_it_behaves_like_it) {
    static_assert(kin::storable<kin::primary_key<uuid>> && kin::storable<std::optional<uuid>>);
    const kin::primary_key<uuid> key(uuid{text});
    EXPECT_EQ(key, uuid(text));
    EXPECT_EQ(key.to_string(), text);
    EXPECT_EQ(std::hash<kin::primary_key<uuid>>()(key), std::hash<uuid>()(uuid(text)));
}

} // namespace
