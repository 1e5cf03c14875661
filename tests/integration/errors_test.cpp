// SPDX-License-Identifier: MIT
// What goes wrong, end to end: the class, what it names, and what session and database are afterwards.
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::temporary_directory;

struct Order;
struct Customer {
    kin::primary_key<int> id;
    kin::field<kin::varchar<10>, kin::unique> name;
    std::int16_t age = 0;
    std::optional<std::string> note;
    kin::has_many<Order> orders;
};
struct Order {
    kin::primary_key<int> id;
    kin::foreign_key<&Customer::id> customer_id;
    kin::belongs_to<Customer> customer;
};
void describe(kin::mapping<Customer>& m) { m.check("age >= 0", "age_is_positive"); }

class errors : public testing::Test {
protected:
    errors() {
        db.create_all<Customer, Order>();
        kin::session writer = db.session();
        writer.add(Customer{.name = "John", .age = 30});
        writer.commit();
    }
    /// A statement that is not the session's, committed at once.
    void run(std::string_view sql) {
        db.transaction([&](kin::session& s) { s.execute(sql); });
    }
    std::int64_t stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<std::int64_t>(sql).one());
    }
    /// After an error in a flush: nothing is in the database, the session waits for rollback() and works after it.
    void expect_the_session_waits_for_rollback() {
        EXPECT_EQ(code_of([&] { session.flush(); }), "pending_rollback");
        EXPECT_EQ(code_of([&] { (void)session.query<Customer>().all(); }), "pending_rollback");
        EXPECT_EQ(stored("SELECT count(*) FROM customer"), 1);
        session.rollback();
        EXPECT_FALSE(session.has_changes());
        EXPECT_EQ(session.query<Customer>().one()->name, "John");
        session.add(Customer{.name = "Later"});
        session.commit();
        EXPECT_EQ(stored("SELECT count(*) FROM customer"), 2);
    }
    /// After an error in a query: everything is as it was.
    void expect_the_session_goes_on() {
        EXPECT_EQ(std::get<0>(session.sql<int>("SELECT 1").one()), 1);
        session.add(Customer{.name = "Later"});
        session.commit();
        EXPECT_EQ(stored("SELECT count(*) FROM customer WHERE name = 'Later'"), 1);
    }
    temporary_directory directory;
    kin::database db{directory.url() + "?busy_timeout_ms=20"};
    kin::session session = db.session();
};

// --- opening -------------------------------------------------------------------------------------------------------------

TEST(opening, a_bad_url_says_which_part_is_wrong_and_shows_no_password) {
    for (const char* url : {"", "nonsense", "oracle://host/db", "sqlite:", "sqlite:///x.db?no_such_option=1",
                            "sqlite:///x.db?busy_timeout_ms=soon", "oracle://me:secret@host/db"}) {
        const auto e = caught<kin::usage_error>([&] { kin::database{url}; });
        EXPECT_EQ(e.code(), "bad_url") << url;
        EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos) << e.what();
        EXPECT_NE(std::string(e.message()), "") << url;
    }
}

TEST(opening, a_missing_directory_is_named_when_the_database_is_made) {
    const auto e = caught<kin::connection_error>([] { kin::database{"sqlite:////no/such/directory/x.db"}; });
    EXPECT_EQ(e.code(), "directory_missing");
    EXPECT_NE(std::string(e.message()).find("/no/such/directory"), std::string::npos) << e.message();
}

TEST(opening, a_file_that_is_no_database_is_told_when_the_database_is_made) {
    const temporary_directory directory;
    std::ofstream(directory.file("text.db")) << std::string(5000, 'x');
    const auto e = caught<kin::connection_error>([&] { kin::database{directory.url("text.db")}; });
    EXPECT_EQ(e.code(), "not_a_database");
}

TEST(opening, a_directory_instead_of_a_file_cannot_be_opened) {
    const temporary_directory directory;
    const auto e = caught<kin::connection_error>([&] { kin::database{"sqlite:///" + directory.file("")}; });
    EXPECT_EQ(e.code(), "cannot_open");
}

TEST(opening, a_file_that_may_only_be_read_is_no_problem_until_it_is_written) {
    const temporary_directory directory;
    kin::database{directory.url()}.create_all<Customer, Order>();
    const kin::database db{directory.url() + "?mode=ro"};
    kin::session session = db.session();
    EXPECT_EQ(session.query<Customer>().count(), 0);
    session.add(Customer{.name = "John"});
    const auto e = caught<kin::statement_error>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "read_only");
    session.rollback();
    EXPECT_EQ(session.query<Customer>().count(), 0);
}

// --- the schema is another -------------------------------------------------------------------------------------------------

TEST_F(errors, T69_a_table_without_the_expected_column_names_both) {
    run("ALTER TABLE customer DROP COLUMN note");
    const auto e = caught<kin::statement_error>([&] { (void)session.query<Customer>().all(); });
    EXPECT_EQ(e.code(), "no_such_column");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "note");
    EXPECT_NE(std::string(e.sql()).find("SELECT"), std::string::npos);
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT count(*) FROM customer").one()), 1)
        << "the session goes on";
}

TEST_F(errors, T69_an_insert_and_an_update_into_such_a_table_change_nothing) {
    auto john = session.query<Customer>().one();
    session.commit();
    run("ALTER TABLE customer DROP COLUMN note");
    john->note = "x";
    const auto update = caught<kin::statement_error>([&] { session.commit(); });
    EXPECT_EQ(update.code(), "no_such_column");
    EXPECT_EQ(update.table(), "customer");
    EXPECT_EQ(update.column(), "note");
    session.rollback();
    EXPECT_EQ(john->note, std::nullopt);
    session.add(Customer{.name = "Jane"});
    const auto insert = caught<kin::statement_error>([&] { session.commit(); });
    EXPECT_EQ(insert.column(), "note");
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM customer"), 1);
}

TEST_F(errors, T69_a_missing_table_is_named) {
    run("DROP TABLE \"order\"");
    const auto e = caught<kin::statement_error>([&] { (void)session.query<Order>().all(); });
    EXPECT_EQ(e.code(), "no_such_table");
    EXPECT_EQ(e.table(), "order");
    expect_the_session_goes_on();
}

TEST_F(errors, T70_null_where_the_class_has_no_optional_names_row_and_column) {
    run("PRAGMA writable_schema = ON");
    run("CREATE TABLE loose (id INTEGER PRIMARY KEY, age INTEGER)");
    run("INSERT INTO loose VALUES (7, NULL)");
    const auto e = caught<kin::conversion_error>([&] {
        (void)session.query<Customer>()
            .from_sql("SELECT id, 'x' AS name, age, NULL AS note FROM loose")
            .all();
    });
    EXPECT_EQ(e.code(), "unexpected_null");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "age");
    EXPECT_NE(std::string(e.message()).find("7"), std::string::npos) << e.message();
    EXPECT_EQ(session.get<Customer>(7), nullptr) << "no half object is known";
    expect_the_session_goes_on();
}

TEST_F(errors, T71_text_in_an_integer_column_names_row_and_column) {
    run("INSERT INTO customer (id, name, age) VALUES (7, 'Jane', 'old')");
    const auto e = caught<kin::conversion_error>([&] { (void)session.query<Customer>().all(); });
    EXPECT_EQ(e.code(), "conversion_error");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "age");
    EXPECT_NE(std::string(e.message()).find("id = 7"), std::string::npos) << e.message();
    expect_the_session_goes_on();
    EXPECT_EQ(session.get<Customer>(1)->name, "John");
}

TEST_F(errors, T59_an_integer_too_large_for_its_member_is_told_and_never_wraps) {
    for (const char* age : {"32768", "70000", "9223372036854775807"}) {
        run("UPDATE customer SET age = " + std::string(age));
        kin::session reader = db.session();
        const auto e = caught<kin::conversion_error>([&] { (void)reader.query<Customer>().all(); });
        EXPECT_EQ(e.code(), "integer_out_of_range") << age;
        EXPECT_EQ(e.table(), "customer");
        EXPECT_EQ(e.column(), "age");
        EXPECT_NE(std::string(e.message()).find(age), std::string::npos) << e.message();
    }
    run("UPDATE customer SET age = 32767");
    EXPECT_EQ(session.query<Customer>().one()->age, 32767);
}

// --- constraints -----------------------------------------------------------------------------------------------------------

TEST_F(errors, a_unique_violation_names_table_and_column) {
    session.add(Customer{.name = "Jane"});
    session.add(Customer{.name = "John"});
    const auto e = caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "unique_violation");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "name");
    EXPECT_TRUE(e.sql().starts_with("INSERT INTO \"customer\"")) << e.sql();
    EXPECT_EQ(std::string(e.what()).find("John"), std::string::npos) << "values are not shown: " << e.what();
    EXPECT_NE(e.vendor_code(), 0);
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, a_unique_violation_by_an_update_restores_the_object) {
    session.add(Customer{.name = "Jane"});
    session.commit();
    auto jane = session.query<Customer>().where(kin::col<&Customer::name> == "Jane").one();
    jane->name = "John";
    const auto e = caught<kin::unique_violation>([&] { session.commit(); });
    EXPECT_EQ(e.column(), "name");
    EXPECT_EQ(jane->name, "John") << "until rollback() the object is as the user left it";
    session.rollback();
    EXPECT_EQ(jane->name, "Jane");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(errors, a_check_violation_names_table_and_constraint) {
    session.add(Customer{.name = "Jane", .age = -1});
    const auto e = caught<kin::check_violation>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "check_violation");
    EXPECT_EQ(e.constraint(), "age_is_positive");
    EXPECT_EQ(e.table(), "customer");
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, a_foreign_key_violation_names_table_column_and_constraint) {
    auto order = session.add(Order{});
    order->customer_id = 99;
    const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "foreign_key_violation");
    EXPECT_EQ(e.table(), "order");
    EXPECT_EQ(e.column(), "customer_id");
    EXPECT_NE(e.constraint(), "");
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, a_child_without_its_required_parent_says_so) {
    session.add(Order{});
    const auto e = caught<kin::constraint_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "order");
    EXPECT_EQ(e.column(), "customer_id");
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, removing_a_parent_that_rows_refer_to_names_them) {
    auto john = session.query<Customer>().one();
    (void)kin::make(Order{.customer = john});
    session.commit();
    session.remove(john);
    const auto e = caught<kin::foreign_key_violation>([&] { session.commit(); });
    EXPECT_EQ(e.table(), "order");
    EXPECT_EQ(e.column(), "customer_id");
    session.rollback();
    EXPECT_EQ(kin::state_of(john), kin::object_state::persistent);
    EXPECT_EQ(john->orders.size(), 1U);
}

TEST_F(errors, a_not_null_violation_by_raw_sql_names_table_and_column_and_leaves_the_session_alone) {
    const auto e = caught<kin::not_null_violation>(
        [&] { session.execute("INSERT INTO customer (name) VALUES (NULL)"); });
    EXPECT_EQ(e.code(), "not_null_violation");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "name");
    expect_the_session_goes_on();
}

TEST_F(errors, a_not_null_violation_by_a_column_that_the_class_does_not_know_fails_the_flush) {
    run("CREATE TABLE customer2 AS SELECT * FROM customer");
    run("ALTER TABLE customer ADD COLUMN vip INTEGER");
    run("CREATE TRIGGER vip BEFORE INSERT ON customer WHEN NEW.vip IS NULL BEGIN "
        "SELECT raise(ABORT, 'vip is wanted'); END");
    session.add(Customer{.name = "Jane"});
    const auto e = caught<kin::constraint_violation>([&] { session.commit(); });
    EXPECT_NE(std::string(e.message()).find("vip is wanted"), std::string::npos) << e.message();
    session.rollback();
    EXPECT_EQ(stored("SELECT count(*) FROM customer"), 1);
}

// --- values ----------------------------------------------------------------------------------------------------------------

TEST_F(errors, text_that_is_not_utf8_is_refused_before_anything_is_sent) {
    session.add(Customer{.name = "J\xff"});
    const auto e = caught<kin::data_error>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "invalid_utf8");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "name");
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, text_that_is_not_utf8_is_refused_as_a_parameter_as_well) {
    EXPECT_EQ(
        code_of([&] {
            (void)session.query<Customer>().where(kin::col<&Customer::name> == std::string("\xff")).all();
        }),
        "invalid_utf8");
    EXPECT_EQ(code_of([&] { session.execute("UPDATE customer SET note = :n", {{"n", "\xc3"}}); }),
              "invalid_utf8");
    expect_the_session_goes_on();
}

TEST_F(errors, T64_every_text_travels_whole) {
    const std::string texts[] = {std::string("a\0b", 3),   std::string("\0", 1), "\xF0\x9F\x98\x80",
                                 "\xD7\xA9\xD7\x9C",       "e\xCC\x81",          "",
                                 std::string(1 << 20, 'x')};
    for (const std::string& text : texts) {
        auto john = session.query<Customer>().one();
        john->note = text;
        session.commit();
        kin::session reader = db.session();
        EXPECT_EQ(reader.query<Customer>().one()->note, text);
        EXPECT_EQ(reader.query<Customer>().where(kin::col<&Customer::note> == text).count(), 1);
    }
    for (const char* bad : {"\xED\xA0\x80" /* a lone surrogate */, "\xC0\x80", "\xF5\x80\x80\x80"}) {
        auto john = session.query<Customer>().one();
        john->note = bad;
        EXPECT_EQ(code_of([&] { session.commit(); }), "invalid_utf8");
        session.rollback();
    }
}

TEST_F(errors, a_varchar_that_is_too_long_is_refused_before_anything_is_sent) {
    session.add(Customer{.name = "ten letters"});
    const auto e = caught<kin::data_error>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "text_too_long");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_EQ(e.column(), "name");
    expect_the_session_waits_for_rollback();
}

TEST_F(errors, a_varchar_counts_characters_not_bytes) {
    session.add(
        Customer{.name = "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6"});
    session.commit();
    EXPECT_EQ(stored("SELECT max(length(name)) FROM customer"), 10);
}

// --- locks and space ---------------------------------------------------------------------------------------------------------

TEST_F(errors, a_database_that_another_connection_writes_to_is_a_lock_timeout_that_may_be_retried) {
    kin::session other = db.session();
    other.execute("UPDATE customer SET age = 1");
    auto john = session.query<Customer>().one();
    EXPECT_EQ(john->age, 30) << "readers are not in the way";
    john->age = 2;
    const auto e = caught<kin::lock_timeout>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "database_locked");
    EXPECT_TRUE(e.is_retryable());
    EXPECT_EQ(code_of([&] { session.commit(); }), "pending_rollback");
    session.rollback();
    EXPECT_EQ(john->age, 30);
    other.commit();
    john->age = 3;
    session.commit();
    EXPECT_EQ(stored("SELECT age FROM customer"), 3);
}

TEST_F(errors, T48_a_full_database_fails_the_transaction_and_loses_nothing_that_was_committed) {
    kin::session filler = db.session();
    const auto pages = std::get<0>(filler.sql<std::int64_t>("PRAGMA page_count").one());
    (void)filler.sql<std::int64_t>("PRAGMA max_page_count = " + std::to_string(pages + 8)).one();
    auto john = filler.query<Customer>().one();
    john->note = "small";
    for (int i = 0; i < 100; ++i)
        filler.add(Customer{.name = std::to_string(i), .note = std::string(10000, 'x')});
    const auto e = caught<kin::statement_error>([&] { filler.commit(); });
    EXPECT_EQ(e.code(), "disk_full");
    EXPECT_EQ(code_of([&] { filler.commit(); }), "pending_rollback")
        << "nothing is written outside a transaction";
    EXPECT_EQ(code_of([&] { filler.execute("UPDATE customer SET age = 1"); }), "pending_rollback");
    filler.rollback();
    EXPECT_EQ(john->note, std::nullopt);
    EXPECT_EQ(stored("SELECT count(*) FROM customer"), 1);
    EXPECT_EQ(stored("SELECT age FROM customer"), 30);
    john->age = 31;
    filler.commit();
    EXPECT_EQ(stored("SELECT age FROM customer"), 31);
    kin::session check = db.session();
    EXPECT_EQ(std::get<0>(check.sql<std::string>("PRAGMA integrity_check").one()), "ok");
}

TEST_F(errors, a_row_that_somebody_else_deleted_is_stale_data) {
    auto john = session.query<Customer>().one();
    session.commit();
    run("DELETE FROM customer");
    john->age = 31;
    const auto e = caught<kin::stale_data>([&] { session.commit(); });
    EXPECT_EQ(e.code(), "row_gone");
    EXPECT_EQ(e.table(), "customer");
    EXPECT_TRUE(e.sql().starts_with("UPDATE")) << e.sql();
    session.rollback();
    EXPECT_EQ(john->age, 30);
}

// --- limits ------------------------------------------------------------------------------------------------------------------

TEST_F(errors, T52_an_everyday_transaction_fits_a_small_stack_and_a_deep_query_is_refused) {
    kin::predicate deep = kin::col<&Customer::id> == 0;
    for (int i = 1; i < 10000; ++i)
        deep = std::move(deep) || !(kin::col<&Customer::id> == i && !(kin::col<&Customer::id> == -i));
    EXPECT_NO_THROW((void)deep);
    kin::predicate nested = kin::col<&Customer::id> == 0;
    for (int i = 0; i < 10000; ++i) nested = !(std::move(nested) && kin::col<&Customer::id> == i);
    EXPECT_EQ(code_of([&] { (void)session.query<Customer>().where(nested).all(); }), "query_too_deep");
    expect_the_session_goes_on();
}

} // namespace
