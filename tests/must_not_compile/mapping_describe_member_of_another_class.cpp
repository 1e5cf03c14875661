// SPDX-License-Identifier: MIT
// expect: kin: describe(kin::mapping<T>&) can only name members of T
// names: User Post::title
#include <kin/kin.hpp>

struct Post {
    kin::primary_key<int> id;
    std::string title;
};

struct User {
    kin::primary_key<int> id;
    std::string name;
};

void describe(kin::mapping<User>& m) {
#ifdef KIN_CONTROL
    m.column<&User::name>().unique();
#else
    m.column<&Post::title>().unique();
#endif
}

void create(const kin::database& db) { db.create_all<User>(); }
