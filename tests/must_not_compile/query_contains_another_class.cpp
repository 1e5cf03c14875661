// SPDX-License-Identifier: MIT
// expect: kin: this relationship cannot be compared with that
// names: User::posts Comment
#include "blog.hpp"

kin::predicate condition(kin::ref<Post> post, kin::ref<Comment> comment) {
#ifdef KIN_CONTROL
    return (void)comment, kin::col<&User::posts>.contains(post);
#else
    return (void)post, kin::col<&User::posts>.contains(comment);
#endif
}
