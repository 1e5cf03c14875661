// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kin/engine/inspector.hpp"
#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Book;

struct Author {
    primary_key<int> id;
    varchar<40> name;
    std::optional<std::string> notes;
    has_many<Book> books;
};
void describe(mapping<Author>& m) {
    m.table("suite_author");
    m.unique<&Author::name>();
}

struct Book {
    primary_key<int> id;
    varchar<80> title;
    foreign_key<&Author::id> author_id;
    belongs_to<Author> author;
};
void describe(mapping<Book>& m) {
    m.table("suite_book");
    m.index<&Book::title>().name("ix_suite_book_title");
}

/// May come before the row that it refers to.
struct Review {
    primary_key<int> id;
    foreign_key<&Author::id, initially_deferred> author_id;
};
void describe(mapping<Review>& m) { m.table("suite_review"); }

/// Two tables that refer to each other, and one of them to itself.
struct ring {
    table first{"suite_first"};
    table second{"suite_second"};
    metadata all;

    ring() {
        for (table* t : {&first, &second}) {
            t->add_column({.name = "id", .type = codec<int>::type, .primary_key = true});
            t->add_column({.name = "other_id", .type = codec<int>::type, .nullable = true});
            t->foreign_keys.push_back(
                {.columns = {1}, .target_table = "suite_second", .target_columns = {"id"}});
        }
        second.foreign_keys.front().target_table = "suite_first";
        first.add_column({.name = "before_id", .type = codec<int>::type, .nullable = true});
        first.foreign_keys.push_back(
            {.columns = {2}, .target_table = "suite_first", .target_columns = {"id"}});
        all.add(first);
        all.add(second);
    }
};

/// Of a table that is named by what the models call it.
std::vector<inspected_column> columns_of(const suite_run& run, std::string_view table) {
    connection c = run.db().engine().connect();
    return run.db().engine().inspect(c)->columns(run.dialect().name_in_database(table));
}

bool has_table(const suite_run& run, std::string_view table) {
    connection c = run.db().engine().connect();
    return run.db().engine().inspect(c)->has_table(run.dialect().name_in_database(table));
}

void tables_are_made_inspected_and_dropped(suite_run& run) {
    run.create<Author, Book>();
    run.require(has_table(run, "suite_author") && has_table(run, "suite_book"),
                "the inspector does not find what create_all has made");
    const auto columns = columns_of(run, "suite_author");
    run.equal(columns.size(), std::size_t{3}, "columns of a table");
    run.equal(columns[0].key_position, 1U, "the key's position");
    run.equal(columns[1].name, std::string("name"), "a column's name");
    run.equal(columns[1].nullable, false, "nullable, of a column that is NOT NULL");
    run.equal(columns[2].nullable, true, "nullable, of a column that may be NULL");
    run.db().drop_all<Author, Book>();
    run.require(!has_table(run, "suite_author") && !has_table(run, "suite_book"),
                "the inspector finds what drop_all has dropped");
}

void keys_indexes_and_constraints_are_inspected(suite_run& run) {
    run.create<Author, Book>();
    connection c = run.db().engine().connect();
    const auto schema = run.db().engine().inspect(c);
    const auto keys = schema->foreign_keys("suite_book");
    run.equal(keys.size(), std::size_t{1}, "foreign keys");
    run.equal(keys.front().columns, std::vector<std::string>{"author_id"}, "the foreign key's columns");
    run.equal(keys.front().target_table, std::string("suite_author"), "the foreign key's target");
    const auto uniques = schema->uniques("suite_author");
    run.equal(uniques.size(), std::size_t{1}, "unique constraints");
    run.equal(uniques.front().columns, std::vector<std::string>{"name"}, "the unique constraint's columns");
    std::vector<std::string> names;
    for (const inspected_index& i : schema->indexes("suite_book")) names.push_back(i.name);
    const bool has_it = std::find(names.begin(), names.end(), "ix_suite_book_title") != names.end();
    run.require(has_it, "the index is not among those that the inspector tells: " + shown(names));
}

void what_is_there_already_is_left_as_it_is(suite_run& run) {
    run.create<Author, Book>();
    {
        session s = run.open();
        s.add(Author{.name = "Ann"});
        s.commit();
    }
    run.db().create_all<Author, Book>();
    run.equal(run.open().query<Author>().count(), std::int64_t{1}, "rows after a second create_all");
}

void tables_may_refer_to_each_other_and_to_themselves(suite_run& run) {
    const ring tables;
    run.db().engine().drop_all(tables.all);
    run.db().engine().create_all(tables.all);
    run.require(has_table(run, "suite_first") && has_table(run, "suite_second"), "the tables are not there");
    run.db().engine().drop_all(tables.all);
    run.require(!has_table(run, "suite_first") && !has_table(run, "suite_second"),
                "the tables are still there after drop_all");
}

void definitions_can_be_rolled_back(suite_run& run) {
    run.need(feature::transactional_ddl);
    {
        connection c = run.db().engine().connect();
        c.begin(transaction_access::write);
        c.execute("CREATE TABLE suite_undone (id INTEGER)");
        c.rollback();
    }
    run.require(!has_table(run, "suite_undone"), "a table is there after the rollback of its CREATE");
}

void foreign_keys_may_wait_for_the_commit(suite_run& run) {
    run.need(feature::deferrable_keys);
    run.create<Author, Review>();
    session s = run.open();
    s.add(Review{.author_id = 7});
    s.flush();
    s.add(Author{.id = 7, .name = "Ann"});
    s.commit();
    s.add(Review{.author_id = 8});
    s.flush();
    (void)run.error_of<foreign_key_violation>([&] { s.commit(); }, "a COMMIT without the row that is meant");
    s.rollback();
    run.equal(s.query<Review>().count(), std::int64_t{1}, "rows of the transaction that was committed");
}

constexpr suite_check checks[] = {
    {"tables_are_made_inspected_and_dropped", tables_are_made_inspected_and_dropped},
    {"keys_indexes_and_constraints_are_inspected", keys_indexes_and_constraints_are_inspected},
    {"what_is_there_already_is_left_as_it_is", what_is_there_already_is_left_as_it_is},
    {"tables_may_refer_to_each_other_and_to_themselves", tables_may_refer_to_each_other_and_to_themselves},
    {"definitions_can_be_rolled_back", definitions_can_be_rolled_back},
    {"foreign_keys_may_wait_for_the_commit", foreign_keys_may_wait_for_the_commit},
};

} // namespace

suite_group schema_group() noexcept { return {"schema", checks}; }

} // namespace kin::testing
