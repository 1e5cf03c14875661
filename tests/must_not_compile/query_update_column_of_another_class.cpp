// SPDX-License-Identifier: MIT
// expect: kin: set() takes a column of the class that is updated
// names: User Post::title
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.execute(kin::update<Post>().set(kin::col<&Post::title>, "x"));
#else
    (void)session.execute(kin::update<User>().set(kin::col<&Post::title>, "x"));
#endif
}
