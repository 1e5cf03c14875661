// SPDX-License-Identifier: MIT
// expect: kin: a default is a function that takes the object, or nothing, and returns a value of the column's type
// names: Post
#include <kin/kin.hpp>

struct Post {
    kin::primary_key<int> id;
    std::string changed;
    int edits = 0;
};

void describe(kin::mapping<Post>& m) {
#ifdef KIN_CONTROL
    m.column<&Post::edits>().update_default([] { return kin::col<&Post::edits> + 1; });
#else
    m.column<&Post::changed>().update_default(kin::now());
#endif
}
