// SPDX-License-Identifier: MIT
// expect: kin: only joined relationships have an inner join
// names: User::posts
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().with(kin::joined<&User::posts>.inner()).all();
#else
    (void)session.query<User>().with(kin::selectin<&User::posts>.inner()).all();
#endif
}
