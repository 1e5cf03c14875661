// SPDX-License-Identifier: MIT
// plain: yes
// names: User::posts has
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::posts>.any();
#else
    return kin::col<&User::posts>.has();
#endif
}
