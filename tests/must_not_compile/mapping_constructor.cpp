// SPDX-License-Identifier: MIT
// expect: kin: this class has a base, a constructor or private members, so its columns must be named in a function beside it: void describe(kin::mapping<Class>&)
// names: User
#include <kin/kin.hpp>

struct User {
    User() = default;
    explicit User(int key) : id(key) {}
    kin::primary_key<int> id;
};

#ifdef KIN_CONTROL
void describe(kin::mapping<User>& m) { m.column<&User::id>(); }
#endif

void create(const kin::database& db) { db.create_all<User>(); }
