// SPDX-License-Identifier: MIT
// plain: yes
// names: Comment Post
#include "blog.hpp"

kin::predicate condition(kin::ref<Post> post, kin::ref<Comment> comment) {
#ifdef KIN_CONTROL
    return (void)comment, kin::col<&User::posts>.contains(post);
#else
    return (void)post, kin::col<&User::posts>.contains(comment);
#endif
}
