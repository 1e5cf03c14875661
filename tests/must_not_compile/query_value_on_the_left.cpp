// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: User::id
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return 5 == kin::col<&User::id>;
#else
    return "5" == kin::col<&User::id>;
#endif
}
