// SPDX-License-Identifier: MIT
// expect: kin: set() takes a column; of a relationship set the foreign key
// names: Post::user
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.execute(kin::update<Post>().set(kin::col<&Post::user_id>, 1));
#else
    (void)session.execute(kin::update<Post>().set(kin::col<&Post::user>, 1));
#endif
}
