// SPDX-License-Identifier: MIT
#include "kin/mariadb/errors.hpp"

#include <cstdlib>
#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/mariadb/error_names.hpp"

namespace kin::mariadb {

namespace {

using thrower = void (*)(error_details&&);

template <class Error> void raise(error_details&& details) { throw Error(std::move(details)); }

void take(error_details& details, named_things&& names) {
    details.table = std::move(names.table);
    details.column = std::move(names.column);
    details.constraint = std::move(names.constraint);
}

std::string qualified(const error_details& details) {
    return details.table.empty() ? details.column : details.table + "." + details.column;
}

// Each of these fills the names from the server's message and writes what happened and what to do.

void describe_unique(error_details& details, std::string_view message) {
    take(details, names_of_duplicate(message));
    details.message =
        details.constraint == "PRIMARY" ? "the primary key" : "unique constraint " + details.constraint;
    details.message += ": another row has this value already; choose another value or update that row";
}

void describe_not_null(error_details& details, std::string_view message) {
    take(details, names_of_column(message));
    details.message =
        "not null constraint on " + qualified(details) +
        ": the row has no value for it; give it one, or make the column nullable (std::optional)";
}

void describe_check(error_details& details, std::string_view message) {
    take(details, names_of_check(message));
    details.message =
        "check constraint " + details.constraint + ": the row does not fulfil it; change the values";
}

void describe_refers_to_nothing(error_details& details, std::string_view message) {
    take(details, names_of_foreign_key(message));
    details.message = "foreign key constraint " + details.constraint +
                      ": the row refers to a row that does not exist; write the referenced row first";
}

void describe_is_referred_to(error_details& details, std::string_view message) {
    take(details, names_of_foreign_key(message));
    details.message = "foreign key constraint " + details.constraint +
                      ": other rows still refer to the row; delete the referring rows first";
}

void describe_value(error_details& details, std::string_view message) {
    take(details, names_of_column(message));
    const std::string column =
        details.column.empty() ? std::string("a column") : "column " + qualified(details);
    details.message = column + ": " + details.message;
}

void describe_table(error_details& details, std::string_view message) {
    take(details, names_of_missing_table(message));
    details.message = "there is no table " + details.table +
                      "; create it (create_all, a migration), or check the name and the database";
}

void describe_column(error_details& details, std::string_view message) {
    take(details, names_of_unknown_column(message));
    details.message = "there is no column " + qualified(details) +
                      "; check the name, or bring the table up to date (a migration)";
}

struct rule {
    unsigned number; // 0: the row serves a class of SQLSTATE
    std::string_view state;
    aftermath leaves;
    thrower raise;
    std::string_view name;
    std::string_view text;
    void (*describe)(error_details& details, std::string_view message) = nullptr;
    bool only_while_connecting = false;
};

constexpr bool connecting = true;
constexpr auto goes_on = aftermath::statement_undone;
constexpr auto undone = aftermath::transaction_undone;
constexpr auto gone = aftermath::connection_gone;

constexpr std::string_view lost_text =
    "the connection with the server is lost; what the open transaction did is undone; run it again";
constexpr std::string_view deadlock_text =
    "two transactions waited for each other and the server ended this one; run it again, from its start";
constexpr std::string_view snapshot_text =
    "another transaction changed the row after this one began to read; run it again, from its start";
constexpr std::string_view lock_text =
    "another transaction held a lock for longer than innodb_lock_wait_timeout; the server would keep the "
    "first half "
    "of this transaction, so kin has rolled it back; run it again, or make the other one shorter";
constexpr std::string_view node_text =
    "this node of the cluster cannot work now; run the transaction again, on another node if it stays so";
constexpr std::string_view login_text = "the server does not let this user in; check user, password and "
                                        "database of the URL, and the user's rights";
constexpr std::string_view reach_text =
    "the server cannot be reached; check host and port, and whether it runs";
constexpr std::string_view hung_up_text =
    "the server hung up while the connection was made; check whether it runs, and what its log says";
constexpr std::string_view full_text =
    "the server has no connection left (max_connections); use fewer, or raise its limit";
constexpr std::string_view packet_text = "the statement with its values is larger than the server's "
                                         "max_allowed_packet; write less at once, or raise it";
constexpr std::string_view right_text = "the user has no right to do this; grant it, or use another user";
constexpr std::string_view read_only_text =
    "the server, or the transaction, can only be read; write on the primary server, in a writing transaction";
constexpr std::string_view disk_text =
    "the server's disk, or the table, is full; make room, roll back and try again";
constexpr std::string_view sql_text = "the statement is not SQL as MariaDB understands it; correct it";
constexpr std::string_view memory_text = "the server has no memory left for the statement; make it smaller";
constexpr std::string_view timeout_text =
    "the statement took longer than it may and the server stopped it; make it faster, or allow it more time";
constexpr std::string_view interrupted_text = "the statement was interrupted from outside (KILL QUERY)";

// By number; then what the first two characters of SQLSTATE say.
constexpr rule rules[] = {
    // The transaction is over, wholly or in part: run it again from its start.
    {1213, {}, undone, raise<deadlock>, "deadlock", deadlock_text},
    {1614, {}, undone, raise<deadlock>, "deadlock", deadlock_text},
    {1205, {}, undone, raise<lock_timeout>, "lock_timeout", lock_text},
    {1689, {}, undone, raise<lock_timeout>, "lock_timeout", lock_text},
    {1020, {}, undone, raise<serialization_failure>, "serialization_failure", snapshot_text},
    {1047, {}, undone, raise<serialization_failure>, "node_not_ready", node_text},
    {1206,
     {},
     undone,
     raise<transaction_rollback>,
     "lock_table_full",
     "the server's table of locks is full; make the transaction smaller"},
    // The connection cannot be used any more, or could not be made.
    {2006, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {2013, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {2014, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {2027, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {2055, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {5013, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {5014, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1053, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1080, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1158, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1159, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1160, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1161, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {1927, {}, gone, raise<connection_error>, "connection_lost", lost_text},
    {4031, {}, gone, raise<connection_error>, "connection_lost", lost_text}, // MySQL: idle for too long
    {2002, {}, gone, raise<connection_error>, "cannot_connect", reach_text},
    {2003, {}, gone, raise<connection_error>, "cannot_connect", reach_text},
    {2005, {}, gone, raise<connection_error>, "cannot_connect", "there is no such host; check its name"},
    {2012, {}, gone, raise<connection_error>, "cannot_connect", reach_text},
    {2026,
     {},
     gone,
     raise<connection_error>,
     "cannot_connect",
     "TLS with the server failed; see ssl_mode, ssl_ca, ssl_cert and ssl_key of the URL"},
    {1129, {}, gone, raise<connection_error>, "login_refused", login_text},
    {1130, {}, gone, raise<connection_error>, "login_refused", login_text},
    {1044, {}, gone, raise<connection_error>, "login_refused", login_text, nullptr, connecting},
    {1045, {}, gone, raise<connection_error>, "login_refused", login_text, nullptr, connecting},
    {1698, {}, gone, raise<connection_error>, "login_refused", login_text, nullptr, connecting},
    {2059,
     {},
     gone,
     raise<connection_error>,
     "login_refused",
     "the client library has no plug-in for the way in which the server wants this user to log in; install "
     "it, or "
     "give the user another one"},
    {2061, {}, gone, raise<connection_error>, "login_refused", login_text},
    {1049,
     {},
     gone,
     raise<connection_error>,
     "no_such_database",
     "the server has no such database; create it, or check the URL",
     nullptr,
     connecting},
    {1040, {}, gone, raise<connection_error>, "too_many_connections", full_text},
    {1203, {}, gone, raise<connection_error>, "too_many_connections", full_text},
    {1226, {}, gone, raise<connection_error>, "too_many_connections", full_text},
    // The statement ran for too long, or was stopped.
    {1969, {}, goes_on, raise<statement_timeout>, "statement_timeout", timeout_text},
    {3024, {}, goes_on, raise<statement_timeout>, "statement_timeout", timeout_text},
    {1317, {}, goes_on, raise<statement_error>, "interrupted", interrupted_text},
    // Constraints.
    {1062, {}, goes_on, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {1586, {}, goes_on, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {1022, {}, goes_on, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {1761, {}, goes_on, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {1762, {}, goes_on, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {1048, {}, goes_on, raise<not_null_violation>, "not_null_violation", {}, describe_not_null},
    {1364, {}, goes_on, raise<not_null_violation>, "not_null_violation", {}, describe_not_null},
    {1263, {}, goes_on, raise<not_null_violation>, "not_null_violation", {}, describe_not_null},
    {4025, {}, goes_on, raise<check_violation>, "check_violation", {}, describe_check},
    {3819, {}, goes_on, raise<check_violation>, "check_violation", {}, describe_check},
    {1452,
     {},
     goes_on,
     raise<foreign_key_violation>,
     "foreign_key_violation",
     {},
     describe_refers_to_nothing},
    {1216,
     {},
     goes_on,
     raise<foreign_key_violation>,
     "foreign_key_violation",
     {},
     describe_refers_to_nothing},
    {1451, {}, goes_on, raise<foreign_key_violation>, "foreign_key_violation", {}, describe_is_referred_to},
    {1217, {}, goes_on, raise<foreign_key_violation>, "foreign_key_violation", {}, describe_is_referred_to},
    // Values.
    {1406,
     {},
     goes_on,
     raise<data_error>,
     "text_too_long",
     "the value is longer than the column",
     describe_value},
    {1264,
     {},
     goes_on,
     raise<data_error>,
     "value_out_of_range",
     "the value is outside of what the column can hold; store another, or make the column wider",
     describe_value},
    {1690,
     {},
     goes_on,
     raise<data_error>,
     "value_out_of_range",
     "a calculation leaves the range of its type; calculate with smaller numbers, or in another type"},
    {1365,
     {},
     goes_on,
     raise<data_error>,
     "division_by_zero",
     "a number is divided by zero; exclude the rows where it is"},
    {1265,
     {},
     goes_on,
     raise<data_error>,
     "wrong_type",
     "the value is none that the column can hold",
     describe_value},
    {1292,
     {},
     goes_on,
     raise<data_error>,
     "wrong_type",
     "the value is none that the column can hold",
     describe_value},
    {1366,
     {},
     goes_on,
     raise<data_error>,
     "wrong_type",
     "the value is none that the column can hold",
     describe_value},
    {1411,
     {},
     goes_on,
     raise<data_error>,
     "wrong_type",
     "the value is none that the column can hold",
     describe_value},
    {1153,
     {},
     gone,
     raise<data_error>,
     "value_too_big",
     packet_text}, // the server closes the connection then
    {2020, {}, gone, raise<data_error>, "value_too_big", packet_text},
    {1118,
     {},
     goes_on,
     raise<data_error>,
     "value_too_big",
     "the row is larger than a page of the server takes"},
    {1390,
     {},
     goes_on,
     raise<data_error>,
     "parameter_count",
     "the statement has more than 65535 placeholders"},
    // Statements.
    {1146, {}, goes_on, raise<statement_error>, "no_such_table", {}, describe_table},
    {1051, {}, goes_on, raise<statement_error>, "no_such_table", "the table is not there; check its name"},
    {1054, {}, goes_on, raise<statement_error>, "no_such_column", {}, describe_column},
    {1064, {}, goes_on, raise<statement_error>, "bad_sql", sql_text},
    {1065,
     {},
     goes_on,
     raise<statement_error>,
     "empty_statement",
     "there is no statement in the text, only space or comments; write one"},
    {1049,
     {},
     goes_on,
     raise<statement_error>,
     "no_such_database",
     "the server has no such database; create it, or check its name"},
    {1044, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1045, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1698, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1142, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1143, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1227, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1370, {}, goes_on, raise<statement_error>, "not_authorized", right_text},
    {1290, {}, goes_on, raise<statement_error>, "read_only", read_only_text},
    {1792, {}, goes_on, raise<statement_error>, "read_only", read_only_text},
    {1836, {}, goes_on, raise<statement_error>, "read_only", read_only_text},
    {1021, {}, goes_on, raise<statement_error>, "disk_full", disk_text},
    {1114, {}, goes_on, raise<statement_error>, "disk_full", disk_text},
    {1037, {}, goes_on, raise<statement_error>, "server_out_of_memory", memory_text},
    {1038, {}, goes_on, raise<statement_error>, "server_out_of_memory", memory_text},
    {1041, {}, goes_on, raise<statement_error>, "server_out_of_memory", memory_text},
    {1170,
     {},
     goes_on,
     raise<statement_error>,
     "key_too_long",
     "a text or blob without a length cannot be part of a key; give the column a length (varchar<N>)"},
    {1071,
     {},
     goes_on,
     raise<statement_error>,
     "key_too_long",
     "a key or index is longer than 3072 bytes, four for each character; give its columns shorter lengths"},
    {2057,
     {},
     undone,
     raise<transaction_rollback>,
     "schema_changed",
     "the table changed after its statement was prepared; run the transaction again, from its start"},
    {1093,
     {},
     goes_on,
     raise<statement_error>,
     "statement_refused",
     "MariaDB cannot change a table and look into it with a subquery in one statement; select the keys "
     "first"},
    {0, "08", gone, raise<connection_error>, "connection_lost", lost_text},
    {0, "40", undone, raise<transaction_rollback>, "serialization_failure", snapshot_text},
    {0, "22", goes_on, raise<data_error>, "value_refused", "the server refused a value", describe_value},
    {0, "23", goes_on, raise<constraint_violation>, "constraint_violation",
     "a constraint refused the row; change the values"},
};

const rule* find_rule(const server_error& e) noexcept {
    for (const rule& r : rules) {
        if (r.only_while_connecting && !e.while_connecting) continue;
        if (r.number == e.number && r.number != 0) return &r;
    }
    for (const rule& r : rules) {
        if (r.number == 0 && e.sqlstate.substr(0, 2) == r.state) return &r;
    }
    return nullptr;
}

constexpr unsigned client_errors_begin = 2000;
constexpr unsigned client_errors_end = 3000;
constexpr unsigned connector_errors_begin = 5000;

} // namespace

bool comes_from_server(unsigned number) noexcept {
    return number != 0 && (number < client_errors_begin || number >= client_errors_end) &&
           number < connector_errors_begin;
}

aftermath aftermath_of(const server_error& e) noexcept {
    const rule* known = find_rule(e);
    return known != nullptr ? known->leaves : goes_on;
}

void fail(const server_error& e) {
    if (e.number == 2008) throw std::bad_alloc(); // the client's memory
    error_details details{.code = {}, .message = {}, .sql = {}};
    details.vendor_code = e.number;
    details.sqlstate = e.sqlstate;
    const rule* known = find_rule(e);
    if (known == nullptr) {
        details.code = "statement_refused";
        details.message = "MariaDB refused the statement";
    } else {
        details.code = known->name;
        details.message = known->text;
        if (known->describe != nullptr) known->describe(details, e.message);
    }
    if (e.while_connecting && details.code == "connection_lost") { // there was none yet
        details.code = "cannot_connect";
        details.message = hung_up_text;
    }
    details.message.append(" (MariaDB ").append(std::to_string(e.number)).append(": ");
    details.message.append(without_values(e.message)).append(")");
    if (known == nullptr) throw statement_error(std::move(details));
    known->raise(std::move(details));
    std::abort(); // raise always throws
}

} // namespace kin::mariadb
