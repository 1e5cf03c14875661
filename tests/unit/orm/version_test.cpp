// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Optimistic locking with kin::version: semantics.md R3.

namespace versioned {

struct Page;

struct Doc {
    kin::primary_key<int> id;
    std::string title;
    kin::field<int, kin::version> version;
    kin::has_many<Page> pages;
};
struct Page {
    kin::primary_key<int> id;
    std::string text;
    std::optional<kin::foreign_key<&Doc::id>> doc_id;
    kin::belongs_to<Doc> doc;
    std::int64_t revision = 0;
};
inline void describe(kin::mapping<Page>& m) { m.column<&Page::revision>().version(); }

struct Small {
    kin::primary_key<int> id;
    int number = 0;
    kin::field<std::int8_t, kin::version> version;
};

struct Book {
    kin::primary_key<int> id;
    kin::foreign_key<&Doc::id, kin::on_delete::cascade> doc_id;
    kin::field<int, kin::version> version;
};

struct Optional {
    kin::primary_key<int> id;
    std::optional<kin::field<int, kin::version>> version;
};
struct Text {
    kin::primary_key<int> id;
    kin::field<std::string, kin::version> version;
};
struct Key {
    kin::field<int, kin::key, kin::version> id;
};
struct Two {
    kin::primary_key<int> id;
    kin::field<int, kin::version> first;
    kin::field<int, kin::version> second;
};

} // namespace versioned

namespace {

using namespace versioned;
using blog::caught;
using blog::code_of;

class semantics_R3 : public testing::Test {
protected:
    semantics_R3() {
        db.create_all<Doc, Page>();
        counter.reset();
    }
    int stored_doc(std::string title) {
        kin::session writer = db.session();
        const auto doc = writer.add(Doc{.title = std::move(title)});
        writer.commit();
        return doc->id;
    }
    /// What somebody else does, in a session of his own.
    void somebody(const std::string& sql) {
        db.transaction([&](kin::session& other) { other.execute(sql); });
        counter.reset();
    }
    template <class T = std::int64_t> T stored(const std::string& sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(semantics_R3, an_insert_writes_1_each_update_adds_1_and_demands_the_old_one) {
    auto doc = session.add(Doc{.title = "a"});
    session.flush();
    EXPECT_EQ(doc->version, 1);
    counter.reset();
    doc->title = "b";
    session.commit();
    EXPECT_EQ(doc->version, 2);
    ASSERT_EQ(counter.count(), 1U);
    EXPECT_EQ(counter.statements()[0],
              R"(UPDATE "doc" SET "title" = ?, "version" = ? WHERE "id" = ? AND "version" = ?)");
    doc->title = "c";
    session.commit();
    EXPECT_EQ(doc->version, 3);
    EXPECT_EQ(stored("SELECT version FROM doc"), 3);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(semantics_R3, what_did_not_change_keeps_its_version) {
    auto doc = session.add(Doc{.title = "a"});
    session.commit();
    doc->title = "b";
    doc->title = "a";
    session.commit();
    EXPECT_EQ(doc->version, 1);
}

TEST_F(semantics_R3, a_version_that_the_program_gave_is_kept) {
    auto doc = session.add(Doc{.title = "a", .version = 7});
    session.commit();
    EXPECT_EQ(stored("SELECT version FROM doc"), 7);
    doc->title = "b";
    session.commit();
    EXPECT_EQ(doc->version, 8);
}

TEST_F(semantics_R3, an_update_of_a_row_that_somebody_changed_is_refused_and_says_what_was_expected) {
    stored_doc("other");
    auto doc = session.get<Doc>(stored_doc("a"));
    session.commit();
    somebody("UPDATE doc SET title = 'theirs', version = version + 1");
    doc->title = "mine";
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_EQ(e.table(), "doc");
    EXPECT_EQ(e.message(),
              "UPDATE of a Doc with id = 2 expected version 1, but the row has version 2: somebody "
              "changed it; roll back, load it again and repeat the change");
    EXPECT_TRUE(std::string(e.sql()).starts_with("UPDATE")) << e.sql();
    EXPECT_EQ(code_of([&] { session.flush(); }), "pending_rollback");
    session.rollback();
    EXPECT_EQ(doc->title, "a");
    EXPECT_EQ(doc->version, 1);
    EXPECT_EQ(stored<std::string>("SELECT title FROM doc WHERE id = 2"), "theirs");

    session.refresh(doc);
    EXPECT_EQ(doc->version, 2);
    doc->title = "mine";
    session.commit();
    EXPECT_EQ(doc->version, 3);
}

TEST_F(semantics_R3, an_update_of_a_row_that_somebody_deleted_says_so) {
    auto doc = session.get<Doc>(stored_doc("a"));
    session.commit();
    somebody("DELETE FROM doc");
    doc->title = "mine";
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_NE(std::string(e.message()).find("expected version 1, but the row is gone"), std::string::npos)
        << e.message();
}

TEST_F(semantics_R3, a_delete_checks_the_version_too) {
    auto doc = session.get<Doc>(stored_doc("a"));
    session.commit();
    somebody("UPDATE doc SET version = 5");
    session.remove(doc);
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_EQ(e.message(),
              "DELETE of a Doc with id = 1 expected version 1, but the row has version 5: somebody "
              "changed it; roll back, load it again and repeat the change");
    session.rollback();
    EXPECT_EQ(kin::state_of(doc), kin::object_state::persistent);
    EXPECT_EQ(stored("SELECT count(*) FROM doc"), 1);
    session.refresh(doc);
    session.remove(doc);
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM doc"), 0);
}

class semantics_R3_of_many : public semantics_R3 {
protected:
    void SetUp() override {
        for (const char* title : {"a", "b", "c", "d"}) stored_doc(title);
        docs = session.query<Doc>().order_by(kin::col<&Doc::id>).all();
        session.commit();
        counter.reset();
    }
    std::string conflict_of_delete() {
        for (const auto& doc : docs) session.remove(doc);
        const auto e = caught<kin::stale_data>([&] { session.commit(); });
        EXPECT_EQ(e.code(), "version_conflict");
        return std::string(e.message());
    }
    std::vector<kin::ref<Doc>> docs;
};

TEST_F(semantics_R3_of_many, rows_are_deleted_together_and_their_keys_come_back) {
    for (const auto& doc : docs) session.remove(doc);
    session.commit();
    ASSERT_EQ(counter.count(), 2U) << "their pages, and they";
    const std::string sent = counter.statements()[1];
    EXPECT_TRUE(sent.starts_with(
        R"(DELETE FROM "doc" WHERE ("id" = ? AND "version" = ?) OR ("id" = ? AND "version" = ?))"))
        << sent;
    EXPECT_TRUE(sent.ends_with(R"( RETURNING "id")")) << sent;
    EXPECT_EQ(stored("SELECT count(*) FROM doc"), 0);
}

TEST_F(semantics_R3_of_many, the_one_that_was_changed_is_named) {
    somebody("UPDATE doc SET version = 3 WHERE id = 3");
    EXPECT_TRUE(conflict_of_delete().starts_with(
        "DELETE of a Doc with id = 3 expected version 1, but the row has version 3"));
}

TEST_F(semantics_R3_of_many, the_one_that_was_deleted_is_named) {
    somebody("DELETE FROM doc WHERE id = 2");
    EXPECT_TRUE(conflict_of_delete().starts_with(
        "DELETE of a Doc with id = 2 expected version 1, but the row is gone"));
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM doc"), 3) << "the others are still there";
}

TEST_F(semantics_R3_of_many, the_one_that_was_updated_is_named_and_the_first_in_the_order_of_keys) {
    somebody("UPDATE doc SET version = 9 WHERE id >= 3");
    for (std::size_t i = docs.size(); i > 0; --i) docs[i - 1]->title = "x";
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_TRUE(std::string(e.message()).starts_with("UPDATE of a Doc with id = 3 expected version 1"))
        << e.message();
    session.rollback();
    EXPECT_EQ(docs[0]->title, "a");
    EXPECT_EQ(docs[0]->version, 1);
}

TEST_F(semantics_R3_of_many,
       versioned_rows_are_updated_together_where_that_pays_and_they_can_say_who_they_were) {
    const kin::dialect& d = db.engine().dialect();
    const bool together =
        d.supports(kin::feature::update_returning) && d.limits().fewest_rows_per_update <= docs.size();
    for (int round = 2; round <= 3; ++round) {
        counter.reset();
        for (auto& doc : docs) doc->title += " again";
        session.commit();
        EXPECT_EQ(counter.count(), together ? 1U : 4U) << counter.statements().back();
        for (const auto& doc : docs) EXPECT_EQ(doc->version, round);
        EXPECT_EQ(stored("SELECT count(*) FROM doc WHERE version = " + std::to_string(round)), 4);
    }
}

TEST_F(semantics_R3_of_many, of_a_hundred_and_more_the_one_that_was_changed_is_named) {
    for (int i = 0; i < 120; ++i) session.add(Doc{.title = "new"});
    session.commit();
    docs = session.query<Doc>().order_by(kin::col<&Doc::id>).all();
    session.commit();
    const auto write_all = [&] {
        for (std::size_t i = 0; i < docs.size(); ++i) docs[i]->title = "title " + std::to_string(i);
        counter.reset();
        session.commit();
    };
    write_all();
    if (db.engine().dialect().supports(kin::feature::update_returning)) {
        EXPECT_LT(counter.count(), docs.size()) << counter.statements().front();
    }
    EXPECT_EQ(stored("SELECT count(*) FROM doc WHERE version = 2"), 124);

    const int changed = docs[77]->id; // to the version that the flush would have given it
    somebody("UPDATE doc SET version = 3 WHERE id = " + std::to_string(changed));
    for (auto& doc : docs) doc->title += "!";
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_TRUE(std::string(e.message())
                    .starts_with("UPDATE of a Doc with id = " + std::to_string(changed) +
                                 " expected version 2, but the row has version 3"))
        << e.message();
    session.rollback();
    EXPECT_EQ(docs[0]->version, 2);
    EXPECT_EQ(stored("SELECT count(*) FROM doc WHERE title LIKE '%!'"), 0);
}

TEST_F(semantics_R3, rollback_restores_the_version) {
    auto doc = session.get<Doc>(stored_doc("a"));
    session.commit();
    doc->title = "b";
    session.flush();
    doc->title = "c";
    session.flush();
    EXPECT_EQ(doc->version, 3);
    session.rollback();
    EXPECT_EQ(doc->version, 1);
    doc->title = "d";
    session.commit();
    EXPECT_EQ(stored("SELECT version FROM doc"), 2);
}

TEST_F(semantics_R3, a_new_object_that_is_undone_has_no_version_unless_the_program_gave_it_one) {
    auto made = session.add(Doc{.title = "a"});
    const auto given = session.add(Doc{.title = "b", .version = 1});
    session.flush();
    made->title = "changed";
    session.flush();
    EXPECT_EQ(made->version, 2);
    session.rollback();
    EXPECT_EQ(made->version, 0);
    EXPECT_EQ(given->version, 1);
    session.add(made);
    session.commit();
    EXPECT_EQ(made->version, 1);
}

TEST_F(semantics_R3, also_when_the_insert_failed) {
    const auto first = session.add(Doc{.id = 1, .title = "a"});
    session.commit();
    session.close();
    const auto again = session.add(Doc{.id = 1, .title = "b"});
    EXPECT_EQ(code_of([&] { session.commit(); }), "unique_violation");
    session.rollback();
    EXPECT_EQ(again->version, 0);
    EXPECT_EQ(kin::state_of(again), kin::object_state::transient);
}

TEST_F(semantics_R3, a_version_set_by_hand_is_the_one_that_the_row_must_have) {
    auto doc = session.get<Doc>(stored_doc("a"));
    session.commit();
    somebody("UPDATE doc SET title = 'theirs', version = 2");
    session.refresh(doc);
    doc->title = "mine";
    doc->version = 1; // from a form that was made before
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "version_conflict");
    EXPECT_TRUE(std::string(e.message())
                    .starts_with("UPDATE of a Doc with id = 1 expected version 1, but the row has version 2"))
        << e.message();
    session.rollback();
    doc->version = 1;
    EXPECT_EQ(code_of([&] { session.commit(); }), "version_conflict") << "also when nothing else was changed";
    session.rollback();
    doc->version = 1;
    session.remove(doc);
    EXPECT_EQ(code_of([&] { session.commit(); }), "version_conflict");
    session.rollback();
    doc->version = 2;
    doc->title = "mine";
    session.commit();
    EXPECT_EQ(doc->version, 3);
}

TEST_F(semantics_R3, a_child_that_is_moved_or_left_behind_is_an_update_as_well) {
    auto doc = session.add(Doc{.title = "a"});
    auto page = session.add(Page{.text = "p", .doc = doc});
    auto second = session.add(Page{.text = "q", .doc = doc});
    session.commit();
    EXPECT_EQ(page->revision, 1);
    page->doc = session.add(Doc{.title = "b"});
    session.commit();
    EXPECT_EQ(page->revision, 2);
    EXPECT_EQ(doc->version, 1);
    session.remove(doc);
    session.commit();
    EXPECT_EQ(second->revision, 2);
    EXPECT_EQ(second->doc_id, std::nullopt);
}

TEST_F(semantics_R3, a_handler_sees_the_new_version_after_the_update) {
    auto doc = session.get<Doc>(stored_doc("a"));
    std::vector<int> seen;
    session.events().before_update<Doc>([&](kin::session&, Doc& d) { seen.push_back(d.version); });
    session.events().after_update<Doc>([&](kin::session&, Doc& d) { seen.push_back(d.version); });
    doc->title = "b";
    session.commit();
    EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(semantics_R3_limits, a_version_that_does_not_fit_its_member_any_more_is_a_defined_error) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Small>();
    kin::session session = db.session();
    auto small = session.add(Small{.version = std::int8_t{126}});
    session.commit();
    small->number = 1;
    session.commit();
    EXPECT_EQ(small->version, 127);
    small->number = 2;
    const auto e = caught<kin::data_error>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "value_out_of_range");
    EXPECT_EQ(e.column(), "version");
    session.rollback();
    EXPECT_EQ(small->number, 1);
    EXPECT_EQ(small->version, 127);
}

TEST(semantics_R3_limits, a_row_that_went_with_its_parent_by_on_delete_cascade_is_no_conflict) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Doc, Book>();
    kin::session session = db.session();
    const auto doc = session.add(Doc{.title = "a"});
    session.flush();
    const auto gone = session.add(Book{.doc_id = doc->id});
    session.commit();
    session.remove(doc);
    session.flush();
    session.remove(gone);
    EXPECT_EQ(code_of([&] { session.commit(); }), "");
}

// --- the mapping ---------------------------------------------------------------------------------------------------------

template <class T> std::string fault_of() {
    return std::string(caught<kin::mapping_error>([] { kin::mapper_of<T>().configure(); }).message());
}

TEST(version_mapping, only_an_integer_that_is_neither_null_nor_a_key_can_be_the_version) {
    EXPECT_NE(fault_of<Optional>().find("class Optional: the version member version is a std::optional"),
              std::string::npos);
    EXPECT_NE(fault_of<Text>().find("class Text: the version member version is no integer"),
              std::string::npos);
    EXPECT_NE(fault_of<Key>().find("class Key: the version member id is a key"), std::string::npos);
}

TEST(version_mapping, a_class_has_at_most_one) {
    EXPECT_NE(fault_of<Two>().find("class Two: first and second both have the option kin::version; keep one"),
              std::string::npos);
    EXPECT_EQ(kin::mapper_of<Doc>().version()->name, "version");
    EXPECT_EQ(kin::mapper_of<Page>().version()->name, "revision");
    EXPECT_EQ(kin::mapper_of<blog::User>().version(), nullptr);
}

} // namespace
