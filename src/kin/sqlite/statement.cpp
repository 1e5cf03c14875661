// SPDX-License-Identifier: MIT
#include "kin/sqlite/statement.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/base/iso_time.hpp"
#include "kin/sqlite/errors.hpp"

namespace kin::sqlite {

namespace {

constexpr std::uint32_t uuid_size = 16;

[[noreturn]] void refuse_statement(std::string_view code, std::string_view message) {
    throw statement_error({.code = std::string(code), .message = std::string(message), .sql = {}});
}

[[noreturn]] void refuse_value(std::string_view code, int position, std::string_view fault) {
    throw data_error({.code = std::string(code),
                      .message = "parameter " + std::to_string(position) + " " + std::string(fault),
                      .sql = {}});
}

statement_handle prepare_first(sqlite3* db, std::string_view sql, const char** tail) {
    sqlite3_stmt* made = nullptr;
    const int rc = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &made, tail);
    statement_handle handle(made);
    if (rc != SQLITE_OK) fail(db, rc);
    return handle;
}

/// Takes space and comments from the front.
void skip_space(std::string_view& sql) {
    for (;;) {
        sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n\f"), sql.size()));
        const std::string_view end = sql.starts_with("--") ? "\n" : sql.starts_with("/*") ? "*/" : "";
        if (end.empty()) return;
        const auto at = sql.find(end, 2);
        sql.remove_prefix(at == std::string_view::npos ? sql.size() : at + end.size());
    }
}

/// Whether the statement begins with a word that opens or ends a transaction. SQLite calls these read-only.
bool is_transaction_control(std::string_view sql) {
    skip_space(sql);
    for (const std::string_view word : {"begin", "commit", "end", "rollback", "savepoint", "release"}) {
        if (sqlite3_strnicmp(sql.data(), word.data(), static_cast<int>(std::min(sql.size(), word.size()))) ==
                0 &&
            sql.size() >= word.size()) {
            return true;
        }
    }
    return false;
}

// The column and value functions below are called on "unprotected" values. That is allowed because the connection is opened with
// NOMUTEX and used by one thread at a time; it saves the type dispatch and mutex check of every sqlite3_column_* call.

[[gnu::always_inline]] inline std::string_view bytes_of(sqlite3_value* v, const void* data) {
    const int size = sqlite3_value_bytes(v);
    if (size == 0) return {"", 0};
    if (data == nullptr) throw std::bad_alloc();
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

[[gnu::always_inline]] inline std::string_view text_of(sqlite3_value* v) {
    const void* data = sqlite3_value_text(v); // before sqlite3_value_bytes: it may convert
    return bytes_of(v, data);
}

bool read_temporal(sqlite3_value* v, cell_kind expected, cell& out) {
    const std::string_view text = text_of(v);
    const auto time = expected == cell_kind::date   ? detail::parse_date(text)
                      : expected == cell_kind::time ? detail::parse_time(text)
                                                    : detail::parse_timestamp(text);
    if (!time) return false;
    out = cell::of_integer(*time, expected);
    return true;
}

/// False when a value of type `stored` is not a `expected`. A part of the loop over a row's columns.
[[gnu::always_inline]] inline bool read_value(sqlite3_value* v, int stored, cell_kind expected, cell& out) {
    switch (expected) {
    case cell_kind::integer:
        if (stored != SQLITE_INTEGER) return false;
        out = cell::of_integer(sqlite3_value_int64(v));
        return true;
    case cell_kind::boolean: {
        if (stored != SQLITE_INTEGER) return false;
        const std::int64_t number = sqlite3_value_int64(v);
        out = cell::of_integer(number, cell_kind::boolean);
        return number == 0 || number == 1;
    }
    case cell_kind::real:
        if (stored != SQLITE_FLOAT && stored != SQLITE_INTEGER) return false;
        out = cell::of_real(sqlite3_value_double(v));
        return true;
    case cell_kind::text: // a number in a NUMERIC column that is mapped as text is written out by SQLite
        if (stored == SQLITE_BLOB) return false;
        out = cell::of_text(text_of(v));
        return true;
    case cell_kind::blob:
        if (stored != SQLITE_BLOB) return false;
        out = cell::of_bytes(bytes_of(v, sqlite3_value_blob(v)));
        return true;
    case cell_kind::date:
    case cell_kind::time:
    case cell_kind::timestamp: return stored == SQLITE_TEXT && read_temporal(v, expected, out);
    case cell_kind::uuid:
        if (stored != SQLITE_BLOB) return false;
        out = cell::of_bytes(bytes_of(v, sqlite3_value_blob(v)), expected);
        return out.size == uuid_size;
    case cell_kind::decimal: // a number with a fraction has been through binary floating point
        if (stored != SQLITE_TEXT && stored != SQLITE_INTEGER) return false;
        out = cell::of_bytes(text_of(v), expected);
        return true;
    case cell_kind::json:
    case cell_kind::array:
        if (stored != SQLITE_TEXT) return false;
        out = cell::of_bytes(text_of(v), expected);
        return true;
    case cell_kind::null: break;
    }
    return false;
}

} // namespace

bool read_value(sqlite3_value* v, cell_kind expected, cell& out) {
    const int stored = sqlite3_value_type(v);
    if (stored != SQLITE_NULL) return read_value(v, stored, expected, out);
    out = cell();
    return true;
}

void statement_closer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

statement_handle prepare(sqlite3* db, std::string_view sql) {
    if (sql.find('\0') != std::string_view::npos) {
        refuse_statement("bad_sql", "the statement contains the character NUL, where SQLite would stop "
                                    "reading; bind the text instead");
    }
    const char* tail = nullptr;
    statement_handle handle = prepare_first(db, sql, &tail);
    if (handle == nullptr)
        refuse_statement("empty_statement",
                         "there is no statement in the text, only space or comments; write one");
    while (tail != sql.data() + sql.size()) {
        const std::string_view rest(tail, static_cast<std::size_t>(sql.data() + sql.size() - tail));
        if (rest.find_first_not_of(" \t\r\n;") == std::string_view::npos) break;
        sqlite3_stmt* more = nullptr;
        const int rc = sqlite3_prepare_v2(db, rest.data(), static_cast<int>(rest.size()), &more, &tail);
        const statement_handle second(more);
        // What does not parse may be a statement that needs the first one's table: it is a second statement either way.
        if (rc == SQLITE_OK && second == nullptr) continue;
        refuse_statement("several_statements",
                         "there is more than one statement in the text; run them one by one");
    }
    return handle;
}

sqlite_statement::sqlite_statement(sqlite3* db, std::string_view sql, call_limit& limit,
                                   std::int64_t& affected_rows)
    : db_(db),
      handle_(prepare(db, sql)),
      limit_(limit),
      affected_rows_(affected_rows),
      read_only_(sqlite3_stmt_readonly(handle_.get()) != 0 && !is_transaction_control(sql)) {}

void sqlite_statement::bind(std::span<const cell> parameters) {
    sqlite3_stmt* const s = handle_.get();
    limit_.start(clock_);
    temporal_.clear();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const cell& c = parameters[i];
        const int position = static_cast<int>(i) + 1;
        int rc = SQLITE_OK;
        switch (c.kind) {
        case cell_kind::null: rc = sqlite3_bind_null(s, position); break;
        case cell_kind::integer:
        case cell_kind::boolean: rc = sqlite3_bind_int64(s, position, c.integer); break;
        case cell_kind::real: bind_real(position, c.real); break;
        // Empty text and blobs have no address, which SQLite would take for NULL.
        case cell_kind::text:
        case cell_kind::decimal:
        case cell_kind::json:
        case cell_kind::array:
            rc = sqlite3_bind_text64(s, position, c.size != 0 ? c.data : "", c.size, SQLITE_STATIC,
                                     SQLITE_UTF8);
            break;
        case cell_kind::blob:
        case cell_kind::uuid:
            rc = sqlite3_bind_blob64(s, position, c.size != 0 ? c.data : "", c.size, SQLITE_STATIC);
            break;
        case cell_kind::date:
        case cell_kind::time:
        case cell_kind::timestamp: bind_temporal(parameters, i); break;
        }
        if (rc != SQLITE_OK) [[unlikely]]
            fail(db_, rc);
    }
    if (!read_only_) total_changes_before_ = sqlite3_total_changes64(db_);
}

void sqlite_statement::bind_real(int position, double number) {
    if (std::isnan(number)) {
        refuse_value(
            "not_a_number", position,
            "is not a number (NaN), which SQLite would store as NULL; store a number, or NULL on purpose");
    }
    if (const int rc = sqlite3_bind_double(handle_.get(), position, number); rc != SQLITE_OK) fail(db_, rc);
}

void sqlite_statement::bind_temporal(std::span<const cell> parameters, std::size_t i) {
    // Bound text must not move: the buffer gets room for all that can still come before its first use.
    if (temporal_.empty()) temporal_.reserve((parameters.size() - i) * detail::iso_time_size);
    const cell& c = parameters[i];
    const int position = static_cast<int>(i) + 1;
    char text[detail::iso_time_size];
    const std::size_t size = c.kind == cell_kind::date   ? detail::format_date(c.integer, text)
                             : c.kind == cell_kind::time ? detail::format_time(c.integer, text)
                                                         : detail::format_timestamp(c.integer, text);
    if (size == 0)
        refuse_value("value_out_of_range", position,
                     "is a date outside the years 0 to 9999, which have no ISO-8601 text, or no time of a "
                     "day; store another");
    const std::size_t start = temporal_.size();
    temporal_.append(text, size);
    const int rc = sqlite3_bind_text64(handle_.get(), position, temporal_.data() + start, size, SQLITE_STATIC,
                                       SQLITE_UTF8);
    if (rc != SQLITE_OK) fail(db_, rc);
}

bool sqlite_statement::step() {
    limit_.resume(clock_);
    const int rc = sqlite3_step(handle_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) limit_.fail(rc);
    if (!read_only_) {
        // sqlite3_changes keeps the count of an earlier statement when this one was no INSERT, UPDATE or DELETE.
        const bool changed = sqlite3_total_changes64(db_) != total_changes_before_;
        affected_rows_ = changed ? sqlite3_changes64(db_) : 0;
    }
    return false;
}

std::size_t sqlite_statement::read(std::size_t first, std::span<const cell_kind> expected, cell* out) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
        sqlite3_value* const v = sqlite3_column_value(handle_.get(), static_cast<int>(first + i));
        const int stored = sqlite3_value_type(v);
        if (stored == SQLITE_NULL) {
            out[i] = cell();
        } else if (!read_value(v, stored, expected[i], out[i])) {
            return i;
        }
    }
    return expected.size();
}

cell sqlite_statement::read_raw(std::size_t column) {
    sqlite3_value* const v = sqlite3_column_value(handle_.get(), static_cast<int>(column));
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return cell::of_integer(sqlite3_value_int64(v));
    case SQLITE_FLOAT: return cell::of_real(sqlite3_value_double(v));
    case SQLITE_TEXT: return cell::of_text(text_of(v));
    case SQLITE_BLOB: return cell::of_bytes(bytes_of(v, sqlite3_value_blob(v)));
    default: return {};
    }
}

void sqlite_statement::reset() noexcept { sqlite3_reset(handle_.get()); }

std::size_t sqlite_statement::column_count() const {
    return static_cast<std::size_t>(sqlite3_column_count(handle_.get()));
}

std::string_view sqlite_statement::column_name(std::size_t column) const {
    const char* name = sqlite3_column_name(handle_.get(), static_cast<int>(column));
    if (name == nullptr) throw std::bad_alloc();
    return name;
}

std::size_t sqlite_statement::parameter_count() const {
    return static_cast<std::size_t>(sqlite3_bind_parameter_count(handle_.get()));
}

} // namespace kin::sqlite
