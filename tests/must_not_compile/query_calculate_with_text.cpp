// SPDX-License-Identifier: MIT
// expect: kin: SQL can calculate only with numbers
// names: User::name
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::id> + 1 == 2;
#else
    return kin::col<&User::name> + 1 == 2;
#endif
}
