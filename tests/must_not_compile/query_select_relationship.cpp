// SPDX-License-Identifier: MIT
// expect: kin: select() and group_by() take columns and expressions; write kin::col<&User::name>, and for a relationship the columns of its class
// names: User::posts
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    for (auto [id, title] : session.select(kin::col<&User::id>, kin::col<&Post::title>).join<&User::posts>())
        (void)id, (void)title;
#else
    for (auto [id, posts] : session.select(kin::col<&User::id>, kin::col<&User::posts>))
        (void)id, (void)posts;
#endif
}
