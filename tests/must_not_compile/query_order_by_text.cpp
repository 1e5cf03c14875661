// SPDX-License-Identifier: MIT
// expect: kin: order_by() takes columns and expressions; write kin::col<&User::name>, or kin::col<&User::name>.desc()
// names: char
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().order_by(kin::col<&User::name>).all();
#else
    (void)session.query<User>().order_by("name").all();
#endif
}
