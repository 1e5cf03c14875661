// SPDX-License-Identifier: MIT
#include "kin/postgresql/errors.hpp"

#include <string>
#include <thread>
#include <typeinfo>

#include "unit/postgresql/server_test.hpp"

namespace {

using kin::cell;
using kin::connection;
using kin::testing::caught;
using kin::testing::code_of;
using kin::testing::value_of;

/// One row of the table: what a SQLSTATE becomes.
struct expectation {
    std::string_view sqlstate;
    const std::type_info& type;
    std::string_view code;
};

const expectation expectations[] = {
    {"23505", typeid(kin::unique_violation), "unique_violation"},
    {"23503", typeid(kin::foreign_key_violation), "foreign_key_violation"},
    {"23001", typeid(kin::foreign_key_violation), "foreign_key_violation"},
    {"23502", typeid(kin::not_null_violation), "not_null_violation"},
    {"23514", typeid(kin::check_violation), "check_violation"},
    {"23P01", typeid(kin::constraint_violation), "constraint_violation"},
    {"40001", typeid(kin::serialization_failure), "serialization_failure"},
    {"40P01", typeid(kin::deadlock), "deadlock"},
    {"40003", typeid(kin::connection_error), "connection_lost"},
    {"40002", typeid(kin::transaction_rollback), "transaction_rolled_back"},
    {"55P03", typeid(kin::lock_timeout), "lock_timeout"},
    {"55006", typeid(kin::lock_timeout), "lock_timeout"},
    {"22001", typeid(kin::data_error), "text_too_long"},
    {"22003", typeid(kin::data_error), "value_out_of_range"},
    {"22007", typeid(kin::data_error), "wrong_type"},
    {"22008", typeid(kin::data_error), "value_out_of_range"},
    {"22012", typeid(kin::data_error), "division_by_zero"},
    {"22021", typeid(kin::data_error), "invalid_utf8"},
    {"22P02", typeid(kin::data_error), "wrong_type"},
    {"22023", typeid(kin::data_error), "value_refused"},
    {"42P01", typeid(kin::statement_error), "no_such_table"},
    {"42703", typeid(kin::statement_error), "no_such_column"},
    {"42601", typeid(kin::statement_error), "bad_sql"},
    {"42501", typeid(kin::statement_error), "not_authorized"},
    {"42883", typeid(kin::statement_error), "statement_refused"},
    {"25006", typeid(kin::statement_error), "read_only"},
    {"57014", typeid(kin::statement_cancelled), "statement_cancelled"},
    {"53100", typeid(kin::statement_error), "disk_full"},
    {"58030", typeid(kin::statement_error), "io_error"},
    {"53300", typeid(kin::connection_error), "too_many_connections"},
    {"57P01", typeid(kin::connection_error), "connection_lost"},
    {"57P02", typeid(kin::connection_error), "connection_lost"},
    {"57P03", typeid(kin::connection_error), "cannot_connect"},
    {"57P05", typeid(kin::connection_error), "connection_lost"},
    {"25P03", typeid(kin::connection_error), "connection_lost"},
    {"08006", typeid(kin::connection_error), "connection_lost"},
    {"XX001", typeid(kin::connection_error), "corrupt_database"},
    {"XX002", typeid(kin::connection_error), "corrupt_database"},
    {"26000", typeid(kin::transaction_rollback), "prepared_statement_lost"},
    {"42P05", typeid(kin::transaction_rollback), "prepared_statement_lost"},
    {"25P02", typeid(kin::pending_rollback), "pending_rollback"},
    {"P0001", typeid(kin::statement_error), "statement_refused"},
};

TEST(postgresql_errors, every_sqlstate_of_the_table_has_its_class_and_code) {
    for (const expectation& wanted : expectations) {
        try {
            kin::postgresql::fail({.sqlstate = wanted.sqlstate, .message = "the server's words"});
        } catch (const kin::error& e) {
            EXPECT_EQ(typeid(e), wanted.type) << wanted.sqlstate;
            EXPECT_EQ(e.code(), wanted.code) << wanted.sqlstate;
            EXPECT_EQ(e.sqlstate(), wanted.sqlstate);
        }
    }
}

TEST(postgresql_errors, only_those_that_may_be_run_again_are_retryable) {
    for (const expectation& wanted : expectations) {
        try {
            kin::postgresql::fail({.sqlstate = wanted.sqlstate, .message = {}});
        } catch (const kin::transaction_rollback&) {
            EXPECT_TRUE(wanted.sqlstate.starts_with("40") || wanted.sqlstate.starts_with("55") ||
                        wanted.code == "prepared_statement_lost")
                << wanted.sqlstate;
        } catch (const kin::error&) {
            EXPECT_FALSE(wanted.sqlstate == "40001" || wanted.sqlstate == "40P01" ||
                         wanted.sqlstate == "55P03");
        }
    }
}

class postgresql_errors_of : public kin::testing::server_test {
protected:
    void SetUp() override {
        server_test::SetUp();
        if (IsSkipped()) return;
        c_.emplace(connect());
        c_->execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, email TEXT CONSTRAINT uq_email UNIQUE)");
        c_->execute(
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL CONSTRAINT fk_parent "
            "REFERENCES parent, kind VARCHAR(5) CONSTRAINT ck_kind CHECK (kind <> 'bad'))");
        c_->execute("INSERT INTO parent VALUES (1, 'john@example.org')");
        c_->execute("INSERT INTO child VALUES (1, 1, 'good')");
    }
    connection& c() { return *c_; }

private:
    std::optional<connection> c_;
};

TEST_F(postgresql_errors_of, constraints_are_named_with_table_and_columns_and_without_values) {
    const auto unique = caught<kin::unique_violation>(
        [&] { c().execute("INSERT INTO parent VALUES (2, 'john@example.org')"); });
    EXPECT_EQ(unique.constraint(), "uq_email");
    EXPECT_EQ(unique.table(), "parent");
    EXPECT_EQ(unique.column(), "email");
    EXPECT_EQ(unique.message().find("john"), std::string_view::npos) << unique.message();

    const auto foreign =
        caught<kin::foreign_key_violation>([&] { c().execute("INSERT INTO child VALUES (2, 9, 'x')"); });
    EXPECT_EQ(foreign.constraint(), "fk_parent");
    EXPECT_EQ(foreign.table(), "child");
    EXPECT_THROW(c().execute("DELETE FROM parent"), kin::foreign_key_violation);

    const auto null =
        caught<kin::not_null_violation>([&] { c().execute("INSERT INTO child (id) VALUES (2)"); });
    EXPECT_EQ(null.table(), "child");
    EXPECT_EQ(null.column(), "parent_id");

    const auto check = caught<kin::check_violation>([&] { c().execute("UPDATE child SET kind = 'bad'"); });
    EXPECT_EQ(check.constraint(), "ck_kind");
    EXPECT_EQ(check.table(), "child");
}

TEST_F(postgresql_errors_of, values_are_not_in_the_message) {
    EXPECT_EQ(code_of([&] { c().execute("UPDATE child SET kind = 'hunter2'"); }), "text_too_long");
    const cell secret = cell::of_text("hunter2");
    const auto e = caught<kin::data_error>([&] { c().execute("SELECT CAST($1 AS INTEGER)", {&secret, 1}); });
    EXPECT_EQ(e.code(), "wrong_type");
    EXPECT_EQ(std::string_view(e.what()).find("hunter2"), std::string_view::npos) << e.what();
}

TEST_F(postgresql_errors_of, what_is_not_there_is_named) {
    const auto table = caught<kin::statement_error>([&] { c().execute("SELECT * FROM nowhere"); });
    EXPECT_EQ(table.code(), "no_such_table");
    EXPECT_EQ(table.table(), "nowhere");
    const auto column = caught<kin::statement_error>([&] { c().execute("SELECT nonsense FROM child"); });
    EXPECT_EQ(column.code(), "no_such_column");
    EXPECT_EQ(column.column(), "nonsense");
    EXPECT_EQ(code_of([&] { c().execute("SELEC 1"); }), "bad_sql");
    EXPECT_EQ(code_of([&] { c().execute("SELECT 1 / 0"); }), "division_by_zero");
}

TEST_F(postgresql_errors_of, T35_a_deadlock_ends_one_of_two_transactions) {
    c().execute("INSERT INTO parent VALUES (2, 'jane@example.org')");
    connection a = connect();
    connection b = connect();
    a.begin(kin::transaction_access::write);
    b.begin(kin::transaction_access::write);
    a.execute("UPDATE parent SET email = 'a' WHERE id = 1");
    b.execute("UPDATE parent SET email = 'b' WHERE id = 2");
    std::string first;
    std::thread waits(
        [&] { first = code_of([&] { a.execute("UPDATE parent SET email = 'a' WHERE id = 2"); }); });
    const std::string second = code_of([&] { b.execute("UPDATE parent SET email = 'b' WHERE id = 1"); });
    if (second == "deadlock") b.rollback(); // what the other waits for
    waits.join();
    EXPECT_TRUE((first == "deadlock") != (second == "deadlock")) << first << ", " << second;
}

TEST_F(postgresql_errors_of, T34_a_row_that_changed_under_repeatable_read_is_a_serialization_failure) {
    connection a = connect();
    a.begin(kin::transaction_access::write);
    a.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    EXPECT_EQ(value_of(a, "SELECT count(*) FROM parent"), "1");
    c().execute("UPDATE parent SET email = 'other'");
    const auto e = caught<kin::serialization_failure>([&] { a.execute("UPDATE parent SET email = 'mine'"); });
    EXPECT_TRUE(e.is_retryable());
}

TEST_F(postgresql_errors_of, T47_a_lock_that_is_held_is_a_lock_timeout) {
    connection a = connect();
    a.begin(kin::transaction_access::write);
    a.execute("UPDATE parent SET email = 'a'");
    c().begin(kin::transaction_access::write);
    c().execute("SET LOCAL lock_timeout = '50ms'");
    EXPECT_THROW(c().execute("UPDATE parent SET email = 'c'"), kin::lock_timeout);
    c().rollback();
    a.rollback();
}

} // namespace
