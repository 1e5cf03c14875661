// SPDX-License-Identifier: MIT
// plain: yes
// names: Post::user any
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&Post::user>.has();
#else
    return kin::col<&Post::user>.any();
#endif
}
