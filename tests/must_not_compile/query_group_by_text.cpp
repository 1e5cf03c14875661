// SPDX-License-Identifier: MIT
// expect: kin: select() and group_by() take columns and expressions; write kin::col<&User::name>, and for a relationship the columns of its class
// names: char
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.select(kin::count()).group_by(kin::col<&User::name>).all();
#else
    (void)session.select(kin::count()).group_by("name").all();
#endif
}
