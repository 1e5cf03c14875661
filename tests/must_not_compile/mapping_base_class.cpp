// SPDX-License-Identifier: MIT
// expect: kin: this class has a base, a constructor or private members, so its columns must be named in a function beside it: void describe(kin::mapping<Class>&)
// names: User
#include <kin/kin.hpp>

struct Timestamped {
    std::int64_t created = 0;
};

#ifdef KIN_CONTROL
struct User {
    kin::primary_key<int> id;
    std::int64_t created = 0;
};
#else
struct User : Timestamped {
    kin::primary_key<int> id;
};
#endif

void create(const kin::database& db) { db.create_all<User>(); }
