// SPDX-License-Identifier: MIT
// expect: kin: this column cannot be set to that
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.execute(kin::update<User>().set(kin::col<&User::name>, "Jane"));
#else
    (void)session.execute(kin::update<User>().set(kin::col<&User::name>, nullptr));
#endif
}
