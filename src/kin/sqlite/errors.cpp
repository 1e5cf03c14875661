// SPDX-License-Identifier: MIT
#include "kin/sqlite/errors.hpp"

#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/sqlite/decimal_functions.hpp"

namespace kin::sqlite {

namespace {

using thrower = void (*)(error_details&&);

template <class Error> void raise(error_details&& details) { throw Error(std::move(details)); }

/// What follows `start` in `message`; empty when it does not begin so.
std::string_view after(std::string_view message, std::string_view start) {
    return message.starts_with(start) ? message.substr(start.size()) : std::string_view();
}

/// "user.name, user.x" into table "user" and column "name, x"; "name" into column "name".
void name_columns(error_details& details, std::string_view list) {
    while (!list.empty()) {
        const auto comma = list.find(", ");
        std::string_view one = list.substr(0, comma);
        if (const auto dot = one.find('.'); dot != std::string_view::npos) {
            details.table = one.substr(0, dot);
            one.remove_prefix(dot + 1);
        }
        if (!details.column.empty()) details.column += ", ";
        details.column += one;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 2);
    }
}

std::string qualified(const error_details& details) {
    return details.table.empty() ? details.column : details.table + "." + details.column;
}

// Each of these fills the names from SQLite's message and writes what happened and what to do.

void describe_unique(error_details& details, std::string_view message) {
    const std::string_view names = after(message, "UNIQUE constraint failed: ");
    if (const auto index = after(names, "index '"); !index.empty()) {
        details.constraint = index.substr(0, index.find('\''));
        details.message = "unique index " + details.constraint;
    } else {
        name_columns(details, names);
        details.message = "unique constraint on " + qualified(details);
    }
    details.message += ": another row has this value already; choose another value or update that row";
}

void describe_not_null(error_details& details, std::string_view message) {
    name_columns(details, after(message, "NOT NULL constraint failed: "));
    details.message =
        "not null constraint on " + qualified(details) +
        ": the row has no value for it; give it one, or make the column nullable (std::optional)";
}

void describe_check(error_details& details, std::string_view message) {
    details.constraint = after(message, "CHECK constraint failed: ");
    details.message =
        "check constraint " + details.constraint + ": the row does not fulfil it; change the values";
}

void describe_foreign_key(error_details& details, std::string_view) {
    details.message = "foreign key constraint: the row refers to a row that does not exist, or other rows "
                      "still refer to it; SQLite does "
                      "not say which; write the referenced row first, or delete the referring rows first";
}

void describe_datatype(error_details& details, std::string_view message) {
    if (const auto at = message.find(" column "); at != std::string_view::npos)
        name_columns(details, message.substr(at + 8));
    details.message = "column " + qualified(details) +
                      " of a STRICT table: the value is of another type; store a value of its type";
}

struct rule {
    int code; // extended; or primary, for all codes of its family that have no row of their own
    thrower raise;
    std::string_view name;
    std::string_view text;
    void (*describe)(error_details& details, std::string_view message) = nullptr;
};

constexpr rule rules[] = {
    {SQLITE_CONSTRAINT_UNIQUE, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {SQLITE_CONSTRAINT_PRIMARYKEY, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {SQLITE_CONSTRAINT_ROWID, raise<unique_violation>, "unique_violation", {}, describe_unique},
    {SQLITE_CONSTRAINT_NOTNULL, raise<not_null_violation>, "not_null_violation", {}, describe_not_null},
    {SQLITE_CONSTRAINT_CHECK, raise<check_violation>, "check_violation", {}, describe_check},
    {SQLITE_CONSTRAINT_FOREIGNKEY,
     raise<foreign_key_violation>,
     "foreign_key_violation",
     {},
     describe_foreign_key},
    {SQLITE_CONSTRAINT_DATATYPE, raise<data_error>, "wrong_type", {}, describe_datatype},
    {SQLITE_CONSTRAINT, raise<constraint_violation>, "constraint_violation",
     "a constraint or trigger refused the row; change the values"},
    {SQLITE_BUSY_SNAPSHOT, raise<serialization_failure>, "serialization_failure",
     "another connection wrote after this transaction began to read; roll back and run the transaction "
     "again, from its start"},
    {SQLITE_BUSY, raise<lock_timeout>, "database_locked",
     "another connection held the database's lock for longer than busy_timeout_ms; roll back and try again, "
     "or make the other "
     "transaction shorter"},
    {SQLITE_PROTOCOL, raise<lock_timeout>, "database_locked",
     "the lock of the write-ahead log could not be had; roll back and try again"},
    {SQLITE_LOCKED, raise<lock_timeout>, "table_locked",
     "a statement that is still running holds the table; read its rows to their end first"},
    {SQLITE_FULL, raise<statement_error>, "disk_full",
     "the disk, or the database's max_page_count, is full; make room, roll back and try again"},
    {SQLITE_IOERR, raise<statement_error>, "io_error",
     "the operating system reported a fault of the disk or file system; roll back, look at the system's log"},
    {SQLITE_CORRUPT, raise<connection_error>, "corrupt_database",
     "the database file is damaged; stop using it, keep a copy, restore a backup or try the sqlite3 shell's "
     ".recover"},
    {SQLITE_NOTADB, raise<connection_error>, "not_a_database",
     "the file is not a SQLite database, or is encrypted; check the path"},
    {SQLITE_CANTOPEN, raise<connection_error>, "cannot_open",
     "the database file cannot be opened; check path and permissions"},
    {SQLITE_PERM, raise<connection_error>, "cannot_open",
     "the database file may not be opened; check its permissions"},
    {SQLITE_READONLY, raise<statement_error>, "read_only",
     "the database can only be read: by mode=ro, by the permissions of file or directory; open it for "
     "writing"},
    {SQLITE_TOOBIG, raise<data_error>, "value_too_big",
     "a text, blob or row is larger than SQLite allows (1,000,000,000 bytes by default)"},
    {SQLITE_MISMATCH, raise<data_error>, "wrong_type",
     "the value is of another type than the column's; an INTEGER PRIMARY KEY takes integers only"},
    {SQLITE_RANGE, raise<data_error>, "parameter_count",
     "a parameter was bound that the statement does not have"},
    {SQLITE_INTERRUPT, raise<statement_cancelled>, "statement_cancelled",
     "another thread cancelled the statement; roll back, or run it again"},
    {SQLITE_AUTH, raise<statement_error>, "not_authorized", "the statement is not allowed here"},
    {SQLITE_SCHEMA, raise<statement_error>, "schema_changed",
     "the schema changed while the statement ran; run it again"},
};

const rule* find_rule(int code) {
    for (const int wanted : {code, code & 0xff}) {
        for (const rule& r : rules) {
            if (r.code == wanted) return &r;
        }
    }
    return nullptr;
}

/// One of kin's functions for decimals refused its arguments or result.
[[noreturn]] void fail_decimal(error_details&& details, std::string_view message) {
    if (message == decimal_overflow_text) {
        details.code = "decimal_overflow";
        details.message =
            "the result of a calculation with decimals has more than 38 digits; round before, or "
            "exclude such rows";
    } else {
        details.code = "invalid_decimal";
        details.message = "a calculation with decimals met a value that is no decimal number of up to 38 "
                          "digits; correct the rows, which another program may have written";
    }
    details.message.append(" (SQLite: ").append(message).append(")");
    throw data_error(std::move(details));
}

/// SQLITE_ERROR: only the message tells what was wrong.
[[noreturn]] void fail_statement(error_details&& details, std::string_view message) {
    if (const auto table = after(message, "no such table: "); !table.empty()) {
        details.code = "no_such_table";
        details.table = table;
        details.message = "there is no table " + details.table +
                          "; create it (create_all, a migration), or check the name and the file";
    } else if (auto column = after(message, "no such column: "); !column.empty()) {
        details.code = "no_such_column";
        if (column.starts_with('"')) column = column.substr(1, column.find('"', 1) - 1);
        name_columns(details, column);
        details.message = "there is no column " + qualified(details) +
                          "; check the name, or bring the table up to date (a migration)";
    } else if (const auto at = message.find(" has no column named ");
               message.starts_with("table ") && at != std::string_view::npos) {
        details.code = "no_such_column";
        details.table = message.substr(6, at - 6);
        details.column = message.substr(at + 21);
        details.message = "there is no column " + qualified(details) +
                          "; check the name, or bring the table up to date (a migration)";
    } else if (message.find("syntax error") != std::string_view::npos ||
               message.starts_with("incomplete input") || message.starts_with("unrecognized token")) {
        details.code = "bad_sql";
        details.message = "the statement is not SQL as SQLite understands it; correct it";
    } else {
        details.code = "statement_refused";
        details.message = "SQLite refused the statement";
    }
    details.message.append(" (SQLite: ").append(message).append(")");
    throw statement_error(std::move(details));
}

} // namespace

void fail(int code, std::string_view message) {
    if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
    // ON DELETE RESTRICT is reported as if by a trigger.
    if (code == SQLITE_CONSTRAINT_TRIGGER && message == "FOREIGN KEY constraint failed")
        code = SQLITE_CONSTRAINT_FOREIGNKEY;
    error_details details{.code = {}, .message = {}, .sql = {}};
    details.vendor_code = code;
    const rule* known = find_rule(code);
    if (message == decimal_overflow_text || message == no_decimal_text)
        fail_decimal(std::move(details), message);
    if (known == nullptr) fail_statement(std::move(details), message);
    details.code = known->name;
    details.message = known->text;
    if (known->describe != nullptr) known->describe(details, message);
    details.message.append(" (SQLite: ").append(message).append(")");
    known->raise(std::move(details));
    std::abort(); // raise always throws
}

void fail(sqlite3* db, int code) { fail(code, sqlite3_errmsg(db)); }

} // namespace kin::sqlite
