// SPDX-License-Identifier: MIT
// expect: kin: SQL can calculate only with numbers
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.select(kin::abs(-kin::col<&User::id>)).one();
#else
    (void)session.select(kin::abs(-kin::col<&User::name>)).one();
#endif
}
