// SPDX-License-Identifier: MIT
#include "kin/postgresql/errors.hpp"

#include <cstdlib>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/postgresql/libpq.hpp"

namespace kin::postgresql {

namespace {

using thrower = void (*)(error_details&&);

template <class Error> void raise(error_details&& details) { throw Error(std::move(details)); }

std::string_view field(const PGresult* r, int which) {
    const char* text = library().PQresultErrorField(r, which);
    return text != nullptr ? std::string_view(text) : std::string_view();
}

std::string qualified(const error_details& details) {
    if (details.column.empty()) return details.table;
    return details.table.empty() ? details.column : details.table + "." + details.column;
}

/// `Key (a, b)=(1, x) already exists.` names the columns, in every language; the values behind them are not taken.
void name_key_columns(error_details& details, std::string_view detail) {
    const auto begin = detail.find('(');
    const auto end = detail.find(")=(");
    if (begin != std::string_view::npos && end != std::string_view::npos && begin < end)
        details.column = detail.substr(begin + 1, end - begin - 1);
}

// Each of these writes what happened and what to do.

void describe_unique(error_details& details, const server_error& e) {
    name_key_columns(details, e.detail);
    details.message = "unique constraint " + details.constraint + " on " + qualified(details) +
                      ": another row has this value already; choose another value or update that row";
}

void describe_not_null(error_details& details, const server_error&) {
    details.message =
        "not null constraint on " + qualified(details) +
        ": the row has no value for it; give it one, or make the column nullable (std::optional)";
}

void describe_check(error_details& details, const server_error&) {
    details.message = "check constraint " + details.constraint + " of " + details.table +
                      ": the row does not fulfil it; change the values";
}

/// The columns in the detail are those of either table, and only the language tells which; the constraint's name says all.
void describe_foreign_key(error_details& details, const server_error&) {
    details.message = "foreign key constraint " + details.constraint + " of " + details.table +
                      ": the row refers to a row that does not exist, or other rows still refer to it; write "
                      "the referenced row first, or delete the referring rows first";
}

/// The name between the quotation marks of the message, whatever marks the language has.
std::string_view quoted_name(std::string_view message) {
    const auto begin = message.find('"');
    const auto end = begin == std::string_view::npos ? begin : message.find('"', begin + 1);
    return end == std::string_view::npos ? std::string_view() : message.substr(begin + 1, end - begin - 1);
}

void describe_no_table(error_details& details, const server_error& e) {
    details.table = quoted_name(e.message);
    details.message = "there is no table " + details.table +
                      "; create it (create_all, a migration), or check the name and the search_path";
}

void describe_no_column(error_details& details, const server_error& e) {
    details.column = quoted_name(e.message);
    details.message = (details.column.empty() ? std::string("the statement names a column that is not there")
                                              : "there is no column " + details.column) +
                      "; check the name, or bring the table up to date (a migration)";
}

constexpr std::string_view lost =
    "the server ended the connection; roll back and try again: the next one is new";
constexpr std::string_view changed =
    "the table changed while its statement was prepared; roll back and run the transaction again";

struct rule {
    std::string_view sqlstate; // five letters; or the first two, for the rest of their class
    thrower raise;
    std::string_view name;
    std::string_view text = {};
    void (*describe)(error_details& details, const server_error& e) = nullptr;
    bool tells_message = true; // false: the server's message may hold a value
};

constexpr rule rules[] = {
    {"23505", raise<unique_violation>, "unique_violation", {}, describe_unique},
    {"23503", raise<foreign_key_violation>, "foreign_key_violation", {}, describe_foreign_key},
    {"23001", raise<foreign_key_violation>, "foreign_key_violation", {}, describe_foreign_key},
    {"23502", raise<not_null_violation>, "not_null_violation", {}, describe_not_null},
    {"23514", raise<check_violation>, "check_violation", {}, describe_check},
    {"23", raise<constraint_violation>, "constraint_violation",
     "a constraint or trigger refused the row; change the values"},

    {"40001", raise<serialization_failure>, "serialization_failure",
     "another transaction came in between; roll back and run the transaction again, from its start"},
    {"40P01", raise<deadlock>, "deadlock",
     "this transaction and another one waited for each other, and the server ended this one; roll back and "
     "run it again, from its start"},
    {"40003", raise<connection_error>, "connection_lost", lost},
    {"40", raise<transaction_rollback>, "transaction_rolled_back",
     "the server rolled the transaction back; run it again, from its start"},
    {"55P03", raise<lock_timeout>, "lock_timeout",
     "another transaction held a lock for longer than lock_timeout_ms, or the statement says NOWAIT; roll "
     "back and try again"},
    {"55006", raise<lock_timeout>, "lock_timeout", "somebody else uses the object; roll back and try again"},

    {"22001", raise<data_error>, "text_too_long",
     "a text is longer than its column; shorten it or widen the column", nullptr, false},
    {"22003", raise<data_error>, "value_out_of_range",
     "a number does not fit its column or the result of the calculation; store another", nullptr, false},
    {"22007", raise<data_error>, "wrong_type",
     "a text is no date or time; store a value of the column's type", nullptr, false},
    {"22008", raise<data_error>, "value_out_of_range", "a date or time is out of range; store another",
     nullptr, false},
    {"22012", raise<data_error>, "division_by_zero", "the statement divides by zero; exclude such rows"},
    {"22021", raise<data_error>, "invalid_utf8", "a text is not UTF-8, or holds the character NUL", nullptr,
     false},
    {"22P02", raise<data_error>, "wrong_type",
     "a text is no value of the column's type; store a value of its type", nullptr, false},
    {"22", raise<data_error>, "value_refused", "PostgreSQL refused a value; store another", nullptr, false},

    {"42P01", raise<statement_error>, "no_such_table", {}, describe_no_table},
    {"42703", raise<statement_error>, "no_such_column", {}, describe_no_column},
    {"42601", raise<statement_error>, "bad_sql",
     "the statement is not SQL as PostgreSQL understands it; correct it"},
    {"42501", raise<statement_error>, "not_authorized",
     "the user may not do this; grant the right, or connect as another user"},
    {"25006", raise<statement_error>, "read_only",
     "the transaction or the server can only be read; write on the primary server, in a writing transaction"},
    {"57014", raise<statement_cancelled>, "statement_cancelled", "the statement was cancelled"},
    {"53100", raise<statement_error>, "disk_full",
     "the server's disk is full; make room, roll back and try again"},
    {"58030", raise<statement_error>, "io_error",
     "the server's system reported a fault of the disk or file system; roll back, look at the server's log"},

    {"53300", raise<connection_error>, "too_many_connections",
     "the server has no place for another connection; make pools smaller, or raise max_connections"},
    {"57P03", raise<connection_error>, "cannot_connect",
     "the server is starting or stopping; try again later"},
    {"57P", raise<connection_error>, "connection_lost", lost},
    {"25P03", raise<connection_error>, "connection_lost", lost},
    {"08", raise<connection_error>, "connection_lost", lost},
    {"XX001", raise<connection_error>, "corrupt_database",
     "the server found damaged data; stop using it, restore a backup"},
    {"XX002", raise<connection_error>, "corrupt_database",
     "the server found a damaged index; REINDEX, or restore a backup"},

    {"26000", raise<transaction_rollback>, "prepared_statement_lost",
     "a statement that kin prepared is not there: a pooler between gives each transaction another server; "
     "write prepare=off into the URL"},
    {"42P05", raise<transaction_rollback>, "prepared_statement_lost",
     "another client's statement is in the way: a pooler between gives each transaction another server; "
     "write prepare=off into the URL"},
    {"25P02", raise<pending_rollback>, "pending_rollback",
     "an earlier statement of the transaction failed, and PostgreSQL takes nothing more until rollback(), or "
     "until a savepoint is rolled back"},
};

const rule* find_rule(const server_error& e) {
    for (std::size_t letters = e.sqlstate.size(); letters >= 2; --letters) {
        for (const rule& r : rules) {
            if (r.sqlstate == e.sqlstate.substr(0, letters)) return &r;
        }
    }
    return nullptr;
}

/// Some errors have no SQLSTATE of their own; the function that raised them tells.
const rule* find_special(const server_error& e) {
    static constexpr rule several = {{},
                                     raise<statement_error>,
                                     "several_statements",
                                     "there is more than one statement in the text; run them one by one"};
    static constexpr rule replanned = {{}, raise<transaction_rollback>, "schema_changed", changed};
    if (e.sqlstate == "42601" && e.routine == "exec_parse_message") return &several;
    if (e.sqlstate == "0A000" && e.routine == "RevalidateCachedQuery") return &replanned;
    // A parameter's type was dropped. The server's words for what it takes for its own fault are in no language but English.
    if (e.sqlstate == "XX000" && e.message.starts_with("cache lookup failed for type")) return &replanned;
    return nullptr;
}

} // namespace

server_error error_of(const PGresult* r) {
    return {.sqlstate = field(r, PG_DIAG_SQLSTATE),
            .message = field(r, PG_DIAG_MESSAGE_PRIMARY),
            .detail = field(r, PG_DIAG_MESSAGE_DETAIL),
            .table = field(r, PG_DIAG_TABLE_NAME),
            .column = field(r, PG_DIAG_COLUMN_NAME),
            .constraint = field(r, PG_DIAG_CONSTRAINT_NAME),
            .routine = field(r, PG_DIAG_SOURCE_FUNCTION)};
}

void fail(const server_error& e) {
    static constexpr rule unknown = {
        {}, raise<statement_error>, "statement_refused", "PostgreSQL refused the statement"};
    const rule* known = find_special(e);
    if (known == nullptr) known = find_rule(e);
    if (known == nullptr) known = &unknown;
    error_details details{.code = std::string(known->name),
                          .message = std::string(known->text),
                          .sql = {},
                          .table = std::string(e.table),
                          .column = std::string(e.column),
                          .constraint = std::string(e.constraint),
                          .sqlstate = std::string(e.sqlstate)};
    if (known->describe != nullptr) known->describe(details, e);
    details.message.append(" (PostgreSQL: ").append(e.sqlstate);
    if (known->tells_message) details.message.append(" ").append(e.message);
    details.message += ')';
    known->raise(std::move(details));
    std::abort(); // raise always throws
}

void fail_lost(std::string_view words) {
    while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.remove_suffix(1);
    throw connection_error({.code = "connection_lost",
                            .message = std::string(lost) + " (libpq: " + std::string(words) + ")",
                            .sql = {}});
}

} // namespace kin::postgresql
