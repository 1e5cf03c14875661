// SPDX-License-Identifier: MIT
// expect: kin: many_to_many<T>: T has several many_to_many back to this model; name one: many_to_many<T, "member">
// names: Post tags Tag
#include <kin/kin.hpp>

struct Tag;

struct Post {
    kin::primary_key<int> id;
    kin::many_to_many<Tag> tags;
};

struct Tag {
    kin::primary_key<int> id;
    kin::many_to_many<Post> posts;
#ifndef KIN_CONTROL
    kin::many_to_many<Post> drafts;
#endif
};

kin::ref<Post> made() { return kin::make<Post>(); }
