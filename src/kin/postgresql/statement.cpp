// SPDX-License-Identifier: MIT
#include "kin/postgresql/statement.hpp"

#include "kin/base/error.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/dialect.hpp"
#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/types.hpp"
#include "kin/postgresql/values.hpp"

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
}

postgresql_statement::~postgresql_statement() {
    for (prepared* p : variants_) connection_.statements().release(*p);
}

void postgresql_statement::bind(std::span<const cell> values) {
    check_values(values);
    note_effects();
    cursor_.reset();
    if (fetch_size_ == 0 || !text_.is_query) return take(execute(values));
    cursor_.emplace(connection_, sql_, values, parameters_);
    binary_ = cursor_->is_binary();
    take_columns(cursor_->description());
    take_rows(cursor_->fetch(fetch_size_));
}

void postgresql_statement::note_effects() noexcept {
    if (text_.touches_session) connection_.note_session_touched();
    if (text_.ends_cursors) connection_.note_cursors_end();
}

bool postgresql_statement::is_to_prepare(std::span<const cell> values) const noexcept {
    return connection_.prepares() && values.size() <= most_described_parameters;
}

result_handle postgresql_statement::execute(std::span<const cell> values) {
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
    binary_ = library().PQnfields(r.get()) != 0 && library().PQfformat(r.get(), 0) == 1;
    take(std::move(r));
}

int postgresql_statement::send_prepared(PGconn* c, const prepared& p) const {
    return library().PQsendQueryPrepared(c, p.name.c_str(), parameters_.size(), parameters_.values(),
                                         parameters_.lengths(), parameters_.formats(), p.binary ? 1 : 0);
}

int postgresql_statement::send_unprepared(PGconn* c) const {
    return library().PQsendQueryParams(c, sql_.c_str(), parameters_.size(), declared_.data(),
                                       parameters_.values(), parameters_.lengths(), parameters_.formats(), 0);
}

result_handle postgresql_statement::execute_prepared(std::span<const cell> values) {
    const prepared& p = encode(values);
    result_handle r = connection_.wire().exchange([&](PGconn* c) { return send_prepared(c, p); });
    connection_.wire().check(*r);
    binary_ = p.binary;
    return r;
}

/// Without a name, and with all that is known of the types in the message itself.
result_handle postgresql_statement::execute_unprepared(std::span<const cell> values) {
    encode_unprepared(values);
    binary_ = false;
    return connection_.wire().run([&](PGconn* c) { return send_unprepared(c); });
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

void postgresql_statement::take(result_handle r) {
    take_columns(*r);
    connection_.note_affected(*r, text_.reads_only);
    take_rows(std::move(r));
}

void postgresql_statement::take_columns(const PGresult& r) {
    const libpq& pq = library();
    types_.clear();
    for (int i = 0; i < pq.PQnfields(&r); ++i) types_.push_back(pq.PQftype(&r, i));
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

bool postgresql_statement::read_one(const libpq& pq, std::size_t column, cell_kind expected, cell& out) {
    const PGresult* const r = result_.get();
    const int position = static_cast<int>(column);
    const int size = pq.PQgetlength(r, row_, position);
    // NULL has the length of an empty value: only those need to be told apart.
    if (size == 0 && pq.PQgetisnull(r, row_, position) != 0) {
        out = cell();
        return true;
    }
    const std::string_view bytes(pq.PQgetvalue(r, row_, position), static_cast<std::size_t>(size));
    const std::uint32_t type = types_[column];
    if (!binary_) return read_text(type, bytes, expected, memory_, out);
    // What most columns are, without the search among all types.
    if (expected == cell_kind::text && is_text(type)) {
        out = cell::of_text(bytes);
        return true;
    }
    if (expected == cell_kind::integer && type == int4_type && size == sizeof(std::int32_t)) {
        out = cell::of_integer(read_integer<std::int32_t>(bytes.data()));
        return true;
    }
    return read_binary(type, bytes, expected, memory_, out);
}

std::size_t postgresql_statement::read(std::size_t first, std::span<const cell_kind> expected, cell* out) {
    const libpq& pq = library();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!read_one(pq, first + i, expected[i], out[i])) return i;
    }
    return expected.size();
}

cell postgresql_statement::read_raw(std::size_t column) {
    const cell_kind own = kind_of(types_[column]);
    cell out;
    if (!read_one(library(), column, own == cell_kind::null ? cell_kind::text : own, out)) return {};
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
