// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: User::id Post::title
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::name> == kin::col<&Post::title>;
#else
    return kin::col<&User::id> == kin::col<&Post::title>;
#endif
}
