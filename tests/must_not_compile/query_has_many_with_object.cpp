// SPDX-License-Identifier: MIT
// expect: kin: this relationship cannot be compared with that; write belongs_to == kin::ref of its class, or has_many.contains(ref)
// names: User::posts Post
#include "blog.hpp"

kin::predicate condition(kin::ref<Post> post) {
#ifdef KIN_CONTROL
    return kin::col<&User::posts>.contains(post);
#else
    return kin::col<&User::posts> == post;
#endif
}
