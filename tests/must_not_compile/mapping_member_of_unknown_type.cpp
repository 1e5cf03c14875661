// SPDX-License-Identifier: MIT
// expect: kin: this member has a type that kin cannot store; specialise kin::codec<Type>, or make it a relationship
// names: User extra std::map
#include <kin/kin.hpp>
#include <map>

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    std::string extra;
#else
    std::map<std::string, int> extra;
#endif
};

kin::ref<User> made() { return kin::make<User>(); }
