// SPDX-License-Identifier: MIT
// expect: kin: join() follows a relationship; name a has_many or belongs_to member: join<&User::posts>()
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.select(kin::col<&User::id>).join<&User::posts>().all();
#else
    (void)session.select(kin::col<&User::id>).join<&User::name>().all();
#endif
}
