// SPDX-License-Identifier: MIT
// expect: kin: this update sets nothing
// names: User
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.execute(
        kin::update<User>().set(kin::col<&User::name>, "x").where(kin::col<&User::id> == 1));
#else
    (void)session.execute(kin::update<User>().where(kin::col<&User::id> == 1));
#endif
}
