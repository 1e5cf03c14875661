// SPDX-License-Identifier: MIT
// expect: kin: many_to_many<T, "member">: T has no member of that name; name its many_to_many
// names: Post tags Tag
#include <kin/kin.hpp>

struct Tag;

struct Post {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::many_to_many<Tag, "posts"> tags;
#else
    kin::many_to_many<Tag, "post"> tags;
#endif
};

struct Tag {
    kin::primary_key<int> id;
    kin::many_to_many<Post> posts;
};

kin::ref<Post> made() { return kin::make<Post>(); }
