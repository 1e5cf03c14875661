// SPDX-License-Identifier: MIT
// expect: kin: selectin<> and joined<> name relationships
// names: selectin
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().with(kin::peers<>).all();
#else
    (void)session.query<User>().with(kin::selectin<>).all();
#endif
}
