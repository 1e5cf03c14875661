// SPDX-License-Identifier: MIT
// expect: kin: a condition on a tree takes an object of the class, or the values of its primary key
// names: Folder::parent
#include "blog.hpp"

struct Folder {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
};

kin::predicate condition(const kin::ref<Folder>& folder, const kin::ref<User>& user) {
#ifdef KIN_CONTROL
    (void)user;
    return kin::ancestor_of<&Folder::parent>(folder);
#else
    (void)folder;
    return kin::ancestor_of<&Folder::parent>(user);
#endif
}
