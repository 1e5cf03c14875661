// SPDX-License-Identifier: MIT
// expect: kin: this relationship cannot be compared with that; write belongs_to == kin::ref of its class, or has_many.contains(ref)
// names: Post::user Comment
#include "blog.hpp"

kin::predicate condition(kin::ref<User> user, kin::ref<Comment> comment) {
#ifdef KIN_CONTROL
    return (void)comment, kin::col<&Post::user> == user;
#else
    return (void)user, kin::col<&Post::user> == comment;
#endif
}
