// SPDX-License-Identifier: MIT
// expect: kin: this column and the values of this list have types that SQL cannot compare; write values of the column's type
// names: User::id
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::id>.in({1, 2});
#else
    return kin::col<&User::id>.in({"1", "2"});
#endif
}
