// SPDX-License-Identifier: MIT
// expect: kin: a condition is for relationships that load
// names: User::posts
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().with(kin::selectin<&User::posts>.where(kin::col<&Post::title> == "x")).all();
#else
    (void)session.query<User>().with(kin::raise<&User::posts>.where(kin::col<&Post::title> == "x")).all();
#endif
}
