// SPDX-License-Identifier: MIT
// expect: kin: a loading option is a path of relationships; name has_many and belongs_to members
// names: User::name
#include "blog.hpp"

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<User>().with(kin::selectin<&User::posts>).all();
#else
    (void)session.query<User>().with(kin::selectin<&User::name>).all();
#endif
}
