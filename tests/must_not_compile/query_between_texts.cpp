// SPDX-License-Identifier: MIT
// expect: kin: this column and these values have types that SQL cannot compare; write values of the column's type
// names: User::id
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::id>.between(1, 9);
#else
    return kin::col<&User::id>.between("1", "9");
#endif
}
