// SPDX-License-Identifier: MIT
// expect: kin: SQL can calculate only with numbers
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.execute(kin::update<User>().set(kin::col<&User::name>, "1"));
#else
    (void)session.execute(kin::update<User>().set(kin::col<&User::name>, kin::col<&User::name> + 1));
#endif
}
