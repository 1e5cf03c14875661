// SPDX-License-Identifier: MIT
// expect: kin: a condition is expected here, and this is a column or a bool; write kin::col<&User::name> == "John"
// names: User::active
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().where(kin::col<&User::active> == true).all();
#else
    (void)session.query<User>().where(kin::col<&User::active>).all();
#endif
}
