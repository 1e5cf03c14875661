// SPDX-License-Identifier: MIT
// expect: kin: this model has no default constructor; give it one, so that kin can make objects
// names: User
#include <kin/kin.hpp>

struct User {
#ifdef KIN_CONTROL
    User() = default;
#endif
    explicit User(int key) : id(key) {}
    kin::primary_key<int> id;
};

void describe(kin::mapping<User>& m) { m.column<&User::id>(); }

void create(const kin::database& db) { db.create_all<User>(); }
