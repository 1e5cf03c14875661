// SPDX-License-Identifier: MIT
// expect: kin: a tree is a relationship of a class with itself
// names: Post::user
#include "blog.hpp"

struct Folder {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
};

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::descendant_of<&Folder::parent>(1);
#else
    return kin::descendant_of<&Post::user>(1);
#endif
}
