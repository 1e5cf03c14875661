// SPDX-License-Identifier: MIT
// expect: kin: this model is only forward-declared here; include the header that defines it
// names: User
#include <kin/kin.hpp>

#ifdef KIN_CONTROL
struct User {
    kin::primary_key<int> id;
};
#else
struct User;
#endif

void create(const kin::database& db) { db.create_all<User>(); }
