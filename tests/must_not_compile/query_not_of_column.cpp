// SPDX-License-Identifier: MIT
// expect: kin: a condition is expected here, and this is a column or a bool; write kin::col<&User::name> == "John"
// names: User::active
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::active> != true;
#else
    return !kin::col<&User::active>;
#endif
}
