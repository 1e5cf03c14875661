// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: User::name
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::name> < "M";
#else
    return kin::col<&User::name> < 5;
#endif
}
