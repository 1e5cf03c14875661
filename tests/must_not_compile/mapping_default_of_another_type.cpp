// SPDX-License-Identifier: MIT
// expect: kin: a default is a function that takes the object, or nothing, and returns a value of the column's type
// names: Post
#include <kin/kin.hpp>

struct Post {
    kin::primary_key<int> id;
    std::string title;
    std::string slug;
};

void describe(kin::mapping<Post>& m) {
#ifdef KIN_CONTROL
    m.column<&Post::slug>().insert_default([](const Post& p) { return p.title; });
#else
    m.column<&Post::slug>().insert_default([](const Post& p) { return p.title.size(); });
#endif
}
