// SPDX-License-Identifier: MIT
// expect: kin: only selectin of a relationship of a class with itself goes on from level to level
// names: User::posts
#include "blog.hpp"

struct Folder {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder> folders;
};

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<Folder>().with(kin::selectin<&Folder::folders>.recursive()).all();
#else
    (void)session.query<User>().with(kin::selectin<&User::posts>.recursive()).all();
#endif
}
