// SPDX-License-Identifier: MIT
// expect: kin: sum() adds numbers
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.select(kin::sum(kin::col<&User::id>)).one();
#else
    (void)session.select(kin::sum(kin::col<&User::name>)).one();
#endif
}
