// SPDX-License-Identifier: MIT
// expect: kin: a time that SQL makes has microseconds, which this member cannot hold
// names: Post
#include <chrono>

#include <kin/kin.hpp>

struct Post {
    kin::primary_key<int> id;
    std::chrono::sys_seconds written_at;
    std::chrono::sys_time<std::chrono::microseconds> read_at;
};

void describe(kin::mapping<Post>& m) {
#ifdef KIN_CONTROL
    m.column<&Post::read_at>().insert_default(kin::now());
#else
    m.column<&Post::written_at>().insert_default(kin::now());
#endif
}
