// SPDX-License-Identifier: MIT
// expect: kin: a primary key cannot be NULL; write kin::primary_key<T>
// names: primary_key optional
#include <kin/kin.hpp>

struct User {
#ifdef KIN_CONTROL
    kin::primary_key<int> id;
#else
    kin::primary_key<std::optional<int>> id;
#endif
};

kin::ref<User> made() { return kin::make<User>(); }
