// SPDX-License-Identifier: MIT
// expect: kin: with() takes loading options; write kin::selectin<&User::posts>
// names: User Post
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().with(kin::selectin<&User::posts>).all();
#else
    (void)session.query<User>().with(&User::posts).all();
#endif
}
