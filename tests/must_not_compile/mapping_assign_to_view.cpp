// SPDX-License-Identifier: MIT
// plain: yes
// names: push_back
#include <kin/kin.hpp>

struct Post {
    kin::primary_key<int> id;
};

struct User {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::many_to_many<Post> drafts;
#else
    kin::view_many<Post> drafts;
#endif
};

void add(kin::ref<User> user, kin::ref<Post> post) { user->drafts.push_back(post); }
