// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"

// The keys of an INSERT of many rows are computed, not asked for: each test compares what the objects say with the rows.

namespace {

struct Item {
    kin::primary_key<std::int64_t> id;
    int number = 0;
};

constexpr int many = 100; // more than the rows from which keys are computed

class key_numbering : public testing::Test {
protected:
    key_numbering() { db.create_all<Item>(); }

    void insert_many() {
        for (int i = 0; i < many; ++i) items.push_back(session.add(Item{.number = i}));
        session.commit();
    }
    /// Every object's key leads to the row that has its number.
    void expect_keys_of_rows() {
        for (const auto& item : std::as_const(items)) {
            const auto row =
                session.sql<int>("SELECT number FROM item WHERE id = :id", {{"id", item->id.get()}}).one();
            EXPECT_EQ(std::get<0>(row), item->number);
        }
    }
    [[nodiscard]] bool asked_for_keys() const {
        for (const std::string& sql : counter.statements()) {
            if (sql.starts_with("INSERT INTO \"item\"")) return sql.find("RETURNING") != std::string::npos;
        }
        return false;
    }

    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
    std::vector<kin::ref<Item>> items;
};

TEST_F(key_numbering, rows_are_numbered_without_asking) {
    insert_many();
    EXPECT_FALSE(asked_for_keys());
    expect_keys_of_rows();
}

TEST_F(key_numbering, rows_are_numbered_above_the_largest_key) {
    session.execute("INSERT INTO item VALUES (5000, -1)");
    session.commit();
    insert_many();
    EXPECT_FALSE(asked_for_keys());
    EXPECT_EQ(std::as_const(items).front()->id, 5001);
    expect_keys_of_rows();
}

TEST_F(key_numbering, a_table_with_a_trigger_is_asked) {
    session.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, number INTEGER)");
    session.execute(
        "CREATE TRIGGER copy AFTER INSERT ON item BEGIN INSERT INTO log (number) VALUES (new.number); END");
    session.execute("INSERT INTO log VALUES (900000, 0)"); // last_insert_rowid must not be taken from here
    session.commit();
    counter.reset();
    insert_many();
    EXPECT_TRUE(asked_for_keys());
    expect_keys_of_rows();
}

TEST_F(key_numbering, a_table_whose_largest_key_is_taken_is_asked_and_random_keys_are_refused_whole) {
    session.execute("INSERT INTO item VALUES (9223372036854775807, -1)");
    session.commit();
    counter.reset();
    for (int i = 0; i < many; ++i) items.push_back(session.add(Item{.number = i}));
    // SQLite picks keys at random now. In ascending order they could be told apart, in any other they cannot.
    EXPECT_EQ(kin::testing::code_of([&] { session.commit(); }), "returned_values");
    EXPECT_TRUE(asked_for_keys());
    session.rollback();
    EXPECT_EQ(session.query<Item>().count(), 1);
    EXPECT_EQ(std::as_const(items).front()->id, 0);
}

TEST_F(key_numbering, a_key_that_is_not_the_rowid_is_an_error_and_nothing_is_written) {
    session.execute("DROP TABLE item");
    session.execute("CREATE TABLE item (id BIGINT, number INTEGER)");
    session.commit();
    for (int i = 0; i < many; ++i) session.add(Item{.number = i});
    EXPECT_EQ(kin::testing::code_of([&] { session.commit(); }), "unexpected_keys");
    session.rollback();
    EXPECT_EQ(session.query<Item>().count(), 0);
}

TEST_F(key_numbering, keys_that_the_program_gave_are_kept) {
    for (int i = 0; i < many; ++i) items.push_back(session.add(Item{.id = 1000 - 2 * i, .number = i}));
    session.commit();
    expect_keys_of_rows();
    EXPECT_EQ(std::as_const(items).back()->id, 1000 - 2 * (many - 1));
}

} // namespace
