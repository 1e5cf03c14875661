// SPDX-License-Identifier: MIT
#include "kin/postgresql/statement.hpp"

#include <string>

#include "kin/base/error.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/dialect.hpp"

namespace kin::postgresql {

namespace {

[[noreturn]] void refuse(std::string_view code, std::string_view message) {
    throw statement_error({.code = std::string(code), .message = std::string(message), .sql = {}});
}

} // namespace

postgresql_statement::postgresql_statement(postgresql_connection& c, std::string_view sql)
    : connection_(c),
      sql_(sql),
      text_(scan_statement(sql)) {
    if (sql.find('\0') != std::string_view::npos) {
        refuse("bad_sql", "the statement contains the character NUL, where PostgreSQL would stop reading; "
                          "bind the text instead");
    }
    if (text_.is_empty)
        refuse("empty_statement", "there is no statement in the text, only space or comments; write one");
    constexpr std::size_t most_placeholders = 65'535; // libpq would close the connection over one more
    if (text_.placeholders > most_placeholders) {
        throw data_error({.code = "parameter_count",
                          .message = "the statement has " + std::to_string(text_.placeholders) +
                                     " placeholders, and PostgreSQL takes 65535; send it in parts, or the "
                                     "values as one array",
                          .sql = {}});
    }
}

postgresql_statement::~postgresql_statement() {
    for (prepared* p : variants_) connection_.statements().release(*p);
}

void postgresql_statement::bind(std::span<const cell> values) {
    check_values(values);
    note_effects();
    cursor_.reset();
    if (fetch_size_ == 0 || !text_.is_query) return execute(values);
    cursor_.emplace(connection_, sql_, values, parameters_);
    take_columns(cursor_->description(), cursor_->is_binary());
    take_rows(cursor_->fetch(fetch_size_));
}

void postgresql_statement::note_effects() noexcept {
    if (text_.touches_session) connection_.note_session_touched();
    if (text_.ends_cursors) connection_.note_cursors_end();
}

bool postgresql_statement::is_to_prepare(std::span<const cell> values) const noexcept {
    return connection_.prepares() && values.size() <= most_described_parameters;
}

void postgresql_statement::execute(std::span<const cell> values) {
    if (!is_to_prepare(values)) return execute_unprepared(values);
    const bool alone = !connection_.in_transaction();
    try {
        return execute_prepared(values);
    } catch (const transaction_rollback& e) {
        if (!forget_outdated(e) || !alone) throw; // outside of a transaction it can simply be sent once more
    }
    return connection_.prepares() ? execute_prepared(values) : execute_unprepared(values);
}

/// Whether `e` says that what was prepared is not good any more.
bool postgresql_statement::forget_outdated(const transaction_rollback& e) {
    if (e.code() == "prepared_statement_lost")
        connection_.stop_preparing();
    else if (e.code() != "schema_changed")
        return false;
    forget_prepared(e.code() == "schema_changed");
    return true;
}

void postgresql_statement::send_ahead(std::span<const cell> values) {
    check_values(values);
    note_effects();
    channel& wire = connection_.wire();
    if (!is_to_prepare(values)) {
        encode_unprepared(values);
        return wire.send_ahead([&](PGconn* c) { return send_unprepared(c); });
    }
    const prepared& p = encode(values);
    wire.send_ahead([&](PGconn* c) { return send_prepared(c, p); });
}

void postgresql_statement::take_sent() {
    cursor_.reset();
    result_handle r = connection_.wire().next_answer();
    try {
        connection_.wire().check(*r);
    } catch (const transaction_rollback& e) {
        static_cast<void>(forget_outdated(e));
        throw;
    }
    const bool is_binary = library().PQnfields(r.get()) != 0 && library().PQfformat(r.get(), 0) == 1;
    take(std::move(r), is_binary);
}

int postgresql_statement::send_prepared(PGconn* c, const prepared& p) const {
    return library().PQsendQueryPrepared(c, p.name.c_str(), parameters_.size(), parameters_.values(),
                                         parameters_.lengths(), parameters_.formats(), p.binary ? 1 : 0);
}

int postgresql_statement::send_unprepared(PGconn* c) const {
    return library().PQsendQueryParams(c, sql_.c_str(), parameters_.size(), declared_.data(),
                                       parameters_.values(), parameters_.lengths(), parameters_.formats(), 0);
}

void postgresql_statement::execute_prepared(std::span<const cell> values) {
    const prepared& p = encode(values);
    take(connection_.wire().run([&](PGconn* c) { return send_prepared(c, p); }), p.binary);
}

/// Without a name, and with all that is known of the types in the message itself.
void postgresql_statement::execute_unprepared(std::span<const cell> values) {
    encode_unprepared(values);
    take(connection_.wire().run([&](PGconn* c) { return send_unprepared(c); }), false);
}

void postgresql_statement::encode_unprepared(std::span<const cell> values) {
    declared_.clear();
    for (const cell& c : values) declared_.push_back(declared_type(c));
    parameters_.encode(values, declared_);
}

/// Writes the parameters for a variant that can take them.
prepared& postgresql_statement::encode(std::span<const cell> values) {
    for (std::size_t i = variants_.size(); i != 0; --i) {
        prepared& p = *variants_[i - 1];
        if (parameters_.encode(values, p.parameters) == values.size()) return p;
    }
    prepared& p = prepare(values);
    if (p.parameters.size() != values.size() || parameters_.encode(values, p.parameters) != values.size()) {
        throw data_error({.code = "wrong_type",
                          .message = "a parameter has another type than PostgreSQL expects in its place; "
                                     "write CAST(... AS type) around it",
                          .sql = {}});
    }
    return p;
}

/// NULL says nothing of its type, so it keeps the one that the server had for it last time.
prepared& postgresql_statement::prepare(std::span<const cell> values) {
    declared_.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool known = values[i].is_null() && !variants_.empty();
        declared_.push_back(known ? variants_.back()->parameters[i] : declared_type(values[i]));
    }
    variants_.reserve(variants_.size() + 1);
    prepared& p = connection_.statements().take(sql_, declared_);
    variants_.push_back(&p);
    return p;
}

void postgresql_statement::forget_prepared(bool is_on_server) {
    for (prepared* p : variants_) {
        if (p->users > 1)
            --p->users; // the others will notice themselves
        else if (is_on_server)
            connection_.statements().drop(*p);
        else
            connection_.statements().forget(*p);
    }
    variants_.clear();
}

void postgresql_statement::take(result_handle r, bool is_binary) {
    take_columns(*r, is_binary);
    connection_.note_affected(*r, text_.reads_only);
    take_rows(std::move(r));
}

/// Mostly they are those of the execution before.
void postgresql_statement::take_columns(const PGresult& r, bool is_binary) {
    const libpq& pq = library();
    if (is_binary != binary_) columns_.clear();
    binary_ = is_binary;
    columns_.resize(static_cast<std::size_t>(pq.PQnfields(&r)));
    int position = 0;
    for (result_column& column : columns_) {
        const std::uint32_t type = pq.PQftype(&r, position++);
        if (column.type != type) column = column_of(type, is_binary);
    }
}

void postgresql_statement::take_rows(result_handle r) {
    rows_ = library().PQntuples(r.get());
    row_ = -1;
    result_ = std::move(r);
}

bool postgresql_statement::step() {
    memory_.clear();
    if (++row_ < rows_) return true;
    if (!cursor_ || rows_ < static_cast<int>(fetch_size_)) return false;
    take_rows(cursor_->fetch(fetch_size_));
    return ++row_ < rows_;
}

std::size_t postgresql_statement::read(std::size_t first, std::span<const cell_kind> expected, cell* out) {
    const libpq& pq = library();
    const PGresult* const r = result_.get();
    const int row = row_;
    int position = static_cast<int>(first);
    const result_column* column = columns_.data() + first;
    for (const cell_kind& kind : expected) {
        const int size = pq.PQgetlength(r, row, position);
        // NULL has the length of an empty value: only those need to be told apart.
        if (size == 0 && pq.PQgetisnull(r, row, position) != 0) {
            *out = cell();
        } else {
            const std::string_view bytes(pq.PQgetvalue(r, row, position), static_cast<std::size_t>(size));
            const bool is_read = (column->plain == kind && read_plain(*column, bytes, *out)) ||
                                 convert(column->type, bytes, kind, *out);
            if (!is_read) return static_cast<std::size_t>(&kind - expected.data());
        }
        ++position, ++column, ++out;
    }
    return expected.size();
}

bool postgresql_statement::convert(std::uint32_t type, std::string_view bytes, cell_kind expected,
                                   cell& out) {
    return binary_ ? read_binary(type, bytes, expected, memory_, out)
                   : read_text(type, bytes, expected, memory_, out);
}

cell postgresql_statement::read_raw(std::size_t column) {
    const cell_kind own = kind_of(columns_[column].type);
    const cell_kind expected = own == cell_kind::null ? cell_kind::text : own;
    cell out;
    if (read(column, {&expected, 1}, &out) != 1)
        return cell::of_text("a time or an array that kin does not read"); // infinity, [[1, 2], [3, 4]]
    return out;
}

void postgresql_statement::reset() noexcept {
    cursor_.reset();
    result_.reset();
    rows_ = 0;
}

std::string_view postgresql_statement::column_name(std::size_t column) const {
    return library().PQfname(result_.get(), static_cast<int>(column));
}

} // namespace kin::postgresql
