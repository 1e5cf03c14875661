// SPDX-License-Identifier: MIT
// expect: kin: only selectin of a relationship of a class with itself goes on from level to level
// names: Folder::parent
#include "blog.hpp"

struct Folder {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
};

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.query<Folder>().with(kin::selectin<&Folder::parent>.recursive(2)).all();
#else
    (void)session.query<Folder>().with(kin::joined<&Folder::parent>.recursive(2)).all();
#endif
}
