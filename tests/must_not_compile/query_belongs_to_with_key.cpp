// SPDX-License-Identifier: MIT
// expect: kin: this relationship cannot be compared with that; write belongs_to == kin::ref of its class, or has_many.contains(ref)
// names: Post::user int
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&Post::user_id> == 5;
#else
    return kin::col<&Post::user> == 5;
#endif
}
