// SPDX-License-Identifier: MIT
// expect: kin: only text can be matched with like(), contains(), starts_with(), ends_with()
// names: User::id
#include "blog.hpp"

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&User::name>.like("J%");
#else
    return kin::col<&User::id>.like("J%");
#endif
}
