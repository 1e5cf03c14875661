// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: User::active
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::active> == true;
#else
    return kin::col<&User::active> == 1;
#endif
}
