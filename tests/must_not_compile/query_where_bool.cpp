// SPDX-License-Identifier: MIT
// expect: kin: a condition is expected here, and this is a column or a bool; write kin::col<&User::name> == "John"
// names: bool
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().where(kin::col<&User::name> == "John").all();
#else
    (void)session.query<User>().where(User{}.name == "John").all();
#endif
}
