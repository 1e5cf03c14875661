// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

// A foreign key of several columns of which only some may be NULL, because the others are part of another key as well.

namespace offices {

struct Document;
struct Desk;

struct Folder {
    kin::primary_key<int> tenant;
    kin::primary_key<int> number;
    std::optional<kin::forward_key<Document, int>> cover_id;
    kin::belongs_to<Document> cover; // Document does not answer
    kin::has_many<Document> documents;
    kin::has_many<Desk> desks;
};

struct Document {
    kin::primary_key<int> id;
    kin::foreign_key<&Folder::tenant> tenant;
    std::optional<kin::foreign_key<&Folder::number>> folder_number;
    kin::belongs_to<Folder> folder;
};

/// The column that may not be NULL is part of its own key.
struct Desk {
    kin::foreign_key<&Folder::tenant, kin::key> tenant;
    kin::primary_key<int> number;
    std::optional<kin::foreign_key<&Folder::number>> folder_number;
    kin::belongs_to<Folder> folder;
};

} // namespace offices

namespace {

using offices::Desk;
using offices::Document;
using offices::Folder;
using list = std::vector<std::string>;

class partly_null_key : public testing::Test {
protected:
    partly_null_key() {
        db.create_all<Folder, Document, Desk>();
        folder = session.add(Folder{.tenant = 7, .number = 1});
        document = session.add(Document{.folder = folder});
        desk = session.add(Desk{.number = 3, .folder = folder});
        session.commit();
        counter.reset();
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
    kin::ref<Folder> folder;
    kin::ref<Document> document;
    kin::ref<Desk> desk;
};

TEST_F(partly_null_key, is_unset_in_the_columns_that_may_be_null) {
    document->folder = nullptr;
    folder->desks.clear();
    session.commit();

    EXPECT_EQ(counter.statements(),
              (list{R"(UPDATE "document" SET "folder_number" = ? WHERE "id" = ?)",
                    R"(UPDATE "desk" SET "folder_number" = ? WHERE "tenant" = ? AND "number" = ?)"}));
    EXPECT_EQ(document->tenant, 7);
    EXPECT_EQ(document->folder_number, std::nullopt);
    EXPECT_EQ(desk->tenant, 7);
    EXPECT_EQ(desk->folder, nullptr);
    EXPECT_EQ(session.get<Desk>(7, 3), desk);
}

TEST_F(partly_null_key, of_objects_that_a_removed_one_leaves_behind_is_unset) {
    session.remove(folder);
    session.commit();

    kin::session reader = db.session();
    EXPECT_EQ(reader.query<Folder>().count(), 0);
    const auto left = reader.query<Document>().one();
    EXPECT_EQ(left->tenant, 7);
    EXPECT_EQ(left->folder_number, std::nullopt);
    EXPECT_NE(reader.get<Desk>(7, 3), nullptr);
}

TEST_F(partly_null_key, comes_back_with_a_rollback) {
    document->folder = nullptr;
    session.remove(folder);
    session.flush();
    session.rollback();

    EXPECT_EQ(document->folder, folder);
    EXPECT_EQ(document->folder_number, 1);
    EXPECT_EQ(desk->folder, folder);
    EXPECT_EQ(folder->documents.size(), 1U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(partly_null_key, of_an_undone_new_object_leaves_its_own_key_alone) {
    auto made = session.add(Desk{.number = 4, .folder = folder});
    session.flush();
    EXPECT_EQ(made->tenant, 7);
    session.rollback();

    EXPECT_EQ(made->tenant, 7);
    EXPECT_EQ(made->number, 4);
    EXPECT_EQ(made->folder, nullptr);
    EXPECT_EQ(folder->desks.size(), 1U);
}

TEST_F(partly_null_key, opens_a_ring_of_new_rows_without_another_value_in_the_other_columns) {
    auto made = session.add(Folder{.tenant = 8, .number = 2});
    auto cover = session.add(Document{.folder = made});
    made->cover = cover;
    session.commit();

    kin::session reader = db.session();
    const auto found = reader.get_one<Folder>(8, 2);
    EXPECT_EQ(found->cover->tenant, 8);
    EXPECT_EQ(found->cover->folder, found);
}

} // namespace
