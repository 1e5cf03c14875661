// SPDX-License-Identifier: MIT
#include <stdexcept>

#include <gmock/gmock.h>

#include "unit/orm/defaults.hpp"

// Row 5 of capabilities.md, "onupdate": values that a function or SQL makes when an UPDATE changes another column.

namespace {

using blog::caught;
using blog::code_of;
using namespace defaults;

class update_default : public defaults::test {
protected:
    kin::ref<Page> a_page(std::string_view title = "Beach") {
        auto page = session.add(Page{.title = title, .slug = std::string(title), .number = 1});
        session.commit();
        calls = 0;
        counter.reset();
        return page;
    }
    std::vector<kin::ref<Stamp>> some_stamps(int count) {
        std::vector<kin::ref<Stamp>> stamps;
        for (int i = 0; i < count; ++i)
            stamps.push_back(
                session.add(Stamp{.name = "s", .created_at = long_ago, .mark = "m", .changed_at = long_ago}));
        session.commit();
        counter.reset();
        return stamps;
    }
    /// Statements for an UPDATE and what SQL has made in it.
    [[nodiscard]] std::size_t update_and_read() const {
        return supports(kin::feature::update_returning) ? 1 : 2;
    }
    void expect_as_stored(const kin::ref<Stamp>& s) {
        const auto there = stored_object<Stamp>(s->id);
        EXPECT_EQ(there->name, s->name);
        EXPECT_EQ(there->changed_at, s->changed_at);
        EXPECT_EQ(there->created_at, s->created_at);
        EXPECT_EQ(there->edits, s->edits);
        EXPECT_EQ(there->mark, s->mark);
    }

    static constexpr time_point long_ago{std::chrono::hours(24)};
};

TEST_F(update_default, row_5_a_function_makes_the_value_when_another_column_changes) {
    auto page = a_page();
    page->title = "Sea";
    const auto statements = statements_of([&] { session.commit(); });
    EXPECT_EQ(page->changed, "now Sea");
    EXPECT_EQ(page->touched, 5);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(statements,
              std::vector<std::string>{
                  R"(UPDATE "page" SET "title" = ?, "changed" = ?, "touched" = ? WHERE "id" = ?)"});
    EXPECT_EQ(stored_object<Page>(page->id)->changed, "now Sea");
}

TEST_F(update_default, rows_that_do_not_change_are_not_updated) {
    auto page = a_page();
    page->title = "Sea";
    page->title = "Beach";
    session.commit();
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(page->changed, std::nullopt);
}

TEST_F(update_default, a_value_that_the_program_changes_stays) {
    auto page = a_page();
    page->title = "Sea";
    page->changed = "by me";
    session.commit();
    EXPECT_EQ(page->changed, "by me");
    EXPECT_EQ(page->touched, 5);
    page->changed = "again"; // nothing but this: an UPDATE all the same
    page->touched = 0;
    calls = 0;
    session.commit();
    EXPECT_EQ(page->touched, 0);
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(stored<std::string>("SELECT changed FROM page"), "again");
}

TEST_F(update_default, new_rows_have_none) {
    auto page = session.add(Page{.title = "Beach"});
    session.commit();
    EXPECT_EQ(page->changed, std::nullopt);
    EXPECT_EQ(page->touched, 0);
}

TEST_F(update_default, a_rollback_gives_it_back) {
    auto page = a_page();
    auto stamp = some_stamps(1).front();
    page->title = "Sea";
    stamp->name = "t";
    session.flush();
    EXPECT_EQ(page->changed, "now Sea");
    EXPECT_EQ(stamp->edits, 1);
    {
        auto savepoint = session.begin_nested();
        page->title = "Lake";
        stamp->name = "u";
        session.flush();
        EXPECT_EQ(page->changed, "now Lake");
        EXPECT_EQ(stamp->edits, 2);
        savepoint.rollback();
    }
    EXPECT_EQ(page->changed, "now Sea");
    EXPECT_EQ(stamp->edits, 1);
    session.rollback();
    EXPECT_EQ(page->changed, std::nullopt);
    EXPECT_EQ(page->touched, 0);
    EXPECT_EQ(stamp->edits, 0);
    EXPECT_EQ(stamp->changed_at, long_ago);
    stamp->name = "v";
    session.commit();
    EXPECT_EQ(stamp->edits, 1);
    expect_as_stored(stamp);
}

TEST_F(update_default, what_a_function_throws_fails_the_flush_before_anything_is_sent) {
    auto page = a_page();
    page->title = "Sea";
    hook = [] {
        if (calls == 2) throw std::runtime_error("no value");
    };
    EXPECT_THROW(session.flush(), std::runtime_error);
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_THROW(session.flush(), kin::pending_rollback);
    session.rollback();
    EXPECT_EQ(page->changed, std::nullopt);
    EXPECT_EQ(page->title, "Beach");
    hook = nullptr;
    page->title = "Sea";
    session.commit();
    EXPECT_EQ(page->changed, "now Sea");
}

TEST_F(update_default, plan_shows_the_columns_and_calls_nothing) {
    auto page = a_page();
    auto stamp = some_stamps(1).front();
    page->title = "Sea";
    stamp->name = "t";
    EXPECT_EQ(session.plan(), "UPDATE page SET title, changed, touched: " + std::string("id = 1\n") +
                                  "UPDATE stamp SET name, changed_at, edits: id = 1\n");
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(page->changed, std::nullopt);
    EXPECT_TRUE(session.is_modified(page));
}

// --- by SQL ------------------------------------------------------------------------------------------------------------------

TEST_F(update_default, row_5_sql_makes_the_value_and_the_member_gets_it) {
    auto stamp = some_stamps(1).front();
    stamp->name = "t";
    const auto statements = statements_of([&] { session.commit(); });
    EXPECT_EQ(statements.size(), update_and_read());
    if (kin::testing::on_sqlite()) {
        EXPECT_EQ(
            statements[0],
            R"(UPDATE "stamp" SET "name" = ?, "changed_at" = replace(strftime('%Y-%m-%d %H:%M:%f000', 'now'), )"
            R"('.000000', ''), "edits" = "edits" + ? WHERE "id" = ? RETURNING "id", "changed_at", "edits")");
    }
    EXPECT_TRUE(is_now(stamp->changed_at));
    EXPECT_EQ(stamp->edits, 1);
    EXPECT_EQ(stamp->created_at, long_ago);
    expect_as_stored(stamp);
    counter.reset();
    session.commit();
    EXPECT_EQ(counter.count(), 0u); // nothing is left to write
}

TEST_F(update_default, sql_gives_way_to_a_value_of_the_program) {
    auto stamp = some_stamps(1).front();
    stamp->name = "t";
    stamp->edits = 40;
    session.commit();
    EXPECT_EQ(stamp->edits, 40);
    EXPECT_TRUE(is_now(stamp->changed_at));
    expect_as_stored(stamp);
    stamp->changed_at = long_ago;
    session.commit();
    EXPECT_EQ(stamp->edits, 41);
    EXPECT_EQ(stamp->changed_at, long_ago);
    expect_as_stored(stamp);
}

TEST_F(update_default, many_rows_with_the_same_values_share_a_statement) {
    auto stamps = some_stamps(300);
    for (auto& s : stamps) s->name = "t";
    EXPECT_EQ(statements_of([&] { session.commit(); }).size(), update_and_read());
    for (auto& s : stamps) {
        EXPECT_TRUE(is_now(s->changed_at));
        EXPECT_EQ(s->edits, 1);
    }
    EXPECT_EQ(stored("SELECT sum(edits) FROM stamp WHERE name = 't'"), 300);
    expect_as_stored(stamps[17]);
}

TEST_F(update_default, rows_with_values_of_their_own_are_all_updated) {
    auto stamps = some_stamps(300);
    for (std::size_t i = 0; i < stamps.size(); ++i) {
        stamps[i]->name = std::to_string(i);
        if (i % 3 == 0) stamps[i]->edits = 100;
    }
    session.commit();
    for (std::size_t i = 0; i < stamps.size(); ++i) {
        EXPECT_EQ(stamps[i]->edits, i % 3 == 0 ? 100 : 1);
        EXPECT_TRUE(is_now(stamps[i]->changed_at));
    }
    for (const std::size_t i : {0u, 1u, 150u, 299u}) expect_as_stored(stamps[i]);
    EXPECT_EQ(stored("SELECT sum(edits) FROM stamp"), 100 * 100 + 200);
}

TEST_F(update_default, sql_that_names_nothing_is_in_the_statement_for_many_rows) {
    if (db.engine().dialect().limits().most_rows_per_update == 0) GTEST_SKIP() << "each row has a statement";
    std::vector<kin::ref<Doc>> docs;
    for (int i = 0; i < 300; ++i) docs.push_back(session.add(Doc{.text = "a"}));
    session.commit();
    for (int i = 0; i < 300; ++i) docs[static_cast<std::size_t>(i)]->text = std::to_string(i);
    const auto statements = statements_of([&] { session.commit(); });
    EXPECT_LE(statements.size(), supports(kin::feature::update_returning) ? 3u : 301u);
    for (auto& d : docs) {
        ASSERT_TRUE(d->changed_at);
        EXPECT_TRUE(is_now(*d->changed_at));
        EXPECT_EQ(d->version, 2);
    }
    const auto there = stored_object<Doc>(docs[200]->id);
    EXPECT_EQ(there->text, "200");
    EXPECT_EQ(there->changed_at, docs[200]->changed_at);
    EXPECT_EQ(there->version, 2);
}

TEST_F(update_default, where_update_cannot_return_one_select_reads_all_rows_of_a_class) {
    if (supports(kin::feature::update_returning)) GTEST_SKIP() << "UPDATE returns";
    std::vector<kin::ref<Doc>> docs;
    for (int i = 0; i < 50; ++i) docs.push_back(session.add(Doc{.text = "a"}));
    session.commit();
    for (int i = 0; i < 50; ++i) docs[static_cast<std::size_t>(i)]->text = std::to_string(i);
    EXPECT_EQ(statements_of([&] { session.commit(); }).size(), 51u); // a version is asked for row by row
    for (auto& d : docs) EXPECT_TRUE(d->changed_at && is_now(*d->changed_at));
}

TEST_F(update_default, a_version_conflict_is_found_as_ever) {
    auto doc = session.add(Doc{.text = "a"});
    session.commit();
    kin::session other = db.session();
    auto theirs = other.get_one<Doc>(doc->id);
    theirs->text = "theirs";
    other.commit();
    doc->text = "mine";
    EXPECT_EQ(code_of([&] { session.commit(); }), "version_conflict");
    session.rollback();
    EXPECT_EQ(doc->changed_at, std::nullopt);
    EXPECT_EQ(doc->version, 1);
    session.refresh(doc);
    EXPECT_TRUE(doc->changed_at);
}

TEST_F(update_default, a_row_that_is_gone_is_found_as_ever) {
    auto stamps = some_stamps(3);
    kin::session other = db.session();
    other.execute("DELETE FROM stamp WHERE id = 2");
    other.commit();
    for (auto& s : stamps) s->name = "t";
    EXPECT_EQ(code_of([&] { session.commit(); }), "row_gone");
    session.rollback();
    EXPECT_EQ(stamps[0]->edits, 0);
}

TEST_F(update_default, a_key_that_changes_takes_its_defaults_along) {
    auto country = session.add(Country{.code = "de"});
    country->labels.push_back(kin::make(Label{}));
    session.commit();
    country->code = "at";
    session.commit();
    EXPECT_EQ(country->edits, 1);
    EXPECT_EQ(stored_object<Country>("at")->edits, 1);
    EXPECT_EQ(stored<std::string>("SELECT country_code FROM label"), "at");
    country->population = 9;
    session.commit();
    EXPECT_EQ(country->edits, 2);
    EXPECT_EQ(stored("SELECT edits FROM country"), 2);
}

TEST_F(update_default, handlers_after_the_update_see_what_sql_made) {
    auto stamps = some_stamps(2);
    std::vector<std::int64_t> seen;
    session.events().after_update<Stamp>([&](kin::session&, Stamp& s) { seen.push_back(s.edits); });
    for (auto& s : stamps) s->name = "t";
    session.commit();
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 1}));
}

TEST_F(update_default, objects_expire_at_commit_as_ever) {
    auto stored_stamp = some_stamps(1).front();
    kin::session forgetful = db.session({.expire_on_commit = true});
    auto stamp = forgetful.get_one<Stamp>(stored_stamp->id);
    stamp->name = "t";
    forgetful.commit();
    EXPECT_EQ(stamp->edits, 1);
    stamp->name = "u";
    forgetful.commit();
    EXPECT_EQ(stamp->edits, 2);
}

// --- kin::update -------------------------------------------------------------------------------------------------------------

TEST_F(update_default, an_update_of_many_rows_has_the_defaults_that_need_no_object) {
    auto page = a_page();
    auto stamp = some_stamps(1).front();
    session.execute(kin::update<Page>().set(kin::col<&Page::title>, "Sea"));
    EXPECT_EQ(calls, 1);
    session.execute(kin::update<Stamp>().set(kin::col<&Stamp::name>, "t"));
    EXPECT_EQ(page->touched, 5);
    EXPECT_EQ(page->changed, std::nullopt); // a function of the object
    EXPECT_EQ(stamp->edits, 1);
    EXPECT_TRUE(is_now(stamp->changed_at));
    session.commit();
    expect_as_stored(stamp);
}

TEST_F(update_default, an_update_of_many_rows_that_sets_the_column_has_the_last_word) {
    auto stamp = some_stamps(1).front();
    auto page = a_page();
    session.execute(kin::update<Stamp>().set(kin::col<&Stamp::edits>, 30));
    session.execute(kin::update<Page>().set(kin::col<&Page::touched>, 2));
    EXPECT_EQ(stamp->edits, 30);
    EXPECT_TRUE(is_now(stamp->changed_at));
    EXPECT_EQ(page->touched, 2);
    EXPECT_EQ(calls, 0);
}

TEST_F(update_default, an_update_of_many_rows_counts_the_version_as_well) {
    auto doc = session.add(Doc{.text = "a"});
    session.commit();
    session.execute(kin::update<Doc>().set(kin::col<&Doc::text>, "b"));
    EXPECT_EQ(doc->version, 2);
    EXPECT_TRUE(doc->changed_at);
}

// --- rows in a ring, and mistakes ------------------------------------------------------------------------------------------

} // namespace

namespace ring {

struct Right;
struct Left {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Right, int>> right_id;
    kin::belongs_to<Right> right;
    std::int64_t edits = 0;
    std::int64_t calls = 0;
};
struct Right {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Left::id>> left_id;
    kin::belongs_to<Left> left;
    std::int64_t edits = 0;
};
void describe(kin::mapping<Left>& m) {
    m.column<&Left::edits>().update_default([] { return kin::col<&Left::edits> + 1; });
    m.column<&Left::calls>().update_default([](const Left& l) { return l.calls + 1; });
}
void describe(kin::mapping<Right>& m) {
    m.column<&Right::edits>().update_default([] { return kin::col<&Right::edits> + 1; });
}

struct BadKey {
    kin::primary_key<int> id;
    int number = 0;
};
void describe(kin::mapping<BadKey>& m) {
    m.column<&BadKey::id>().update_default([] { return 1; });
}

struct BadVersion {
    kin::primary_key<int> id;
    kin::field<int, kin::version> version;
};
void describe(kin::mapping<BadVersion>& m) {
    m.column<&BadVersion::version>().insert_default([] { return 1; });
}

struct SqlKey {
    kin::primary_key<std::string> id;
};
void describe(kin::mapping<SqlKey>& m) { m.column<&SqlKey::id>().insert_default(defaults::upper_of("a")); }

struct OwnColumn {
    kin::primary_key<int> id;
    int a = 0;
    int b = 0;
};
void describe(kin::mapping<OwnColumn>& m) {
    m.column<&OwnColumn::b>().insert_default([] { return kin::col<&OwnColumn::a> + 1; });
}

struct OtherTable {
    kin::primary_key<int> id;
    int a = 0;
};
void describe(kin::mapping<OtherTable>& m) {
    m.column<&OtherTable::a>().update_default([] { return kin::col<&OwnColumn::a> + 1; });
}

} // namespace ring

namespace {

TEST_F(update_default, new_rows_whose_foreign_key_had_to_wait_are_not_updated_rows) {
    db.create_all<ring::Left, ring::Right>();
    auto left = session.add(ring::Left{});
    auto right = session.add(ring::Right{});
    left->right = right;
    right->left = left;
    session.commit();
    EXPECT_EQ(left->edits + left->calls + right->edits, 0);
    EXPECT_EQ(stored_object<ring::Left>(left->id)->edits, 0);
    EXPECT_EQ(stored_object<ring::Right>(right->id)->edits, 0);
    left->right = nullptr;
    session.commit();
    EXPECT_EQ(left->edits, 1);
    EXPECT_EQ(left->calls, 1);
}

template <class T> std::string fault_of() {
    try {
        (void)kin::detail::configured_mapper<T>();
    } catch (const kin::mapping_error& e) {
        return e.what();
    }
    return {};
}

TEST_F(update_default, mistakes_are_faults_of_the_mapping) {
    using testing::HasSubstr;
    EXPECT_THAT(
        fault_of<ring::BadKey>(),
        HasSubstr("class BadKey: the member id is part of the primary key, which an UPDATE does not change"));
    EXPECT_THAT(fault_of<ring::BadVersion>(),
                HasSubstr("class BadVersion: the member version is the version"));
    EXPECT_THAT(fault_of<ring::SqlKey>(), HasSubstr("class SqlKey: the member id is a key"));
    EXPECT_THAT(fault_of<ring::OwnColumn>(), HasSubstr("OwnColumn.b: its insert_default names a column"));
    EXPECT_THAT(
        fault_of<ring::OtherTable>(),
        HasSubstr("OtherTable.a: its update_default names a column of another table than other_table"));
}

} // namespace
