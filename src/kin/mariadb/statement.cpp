// SPDX-License-Identifier: MIT
#include "kin/mariadb/statement.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"

namespace kin::mariadb {

namespace {

constexpr unsigned columns_changed = 2057;

void require_one_text(std::string_view sql) {
    if (sql.find('\0') == std::string_view::npos) return;
    throw statement_error({.code = "bad_sql",
                           .message =
                               "the statement contains the character NUL, which is not SQL; bind the text "
                               "instead",
                           .sql = {}});
}

void require_packet(std::string_view sql, std::uint64_t most_bytes) {
    if (sql.size() + 1 < most_bytes) return; // the command is a byte
    throw data_error(
        {.code = "value_too_big",
         .message = "the text of the statement has " + std::to_string(sql.size()) +
                    " bytes, and the server takes less than " + std::to_string(most_bytes) +
                    " at once; bind its values, write less in one statement, or raise the server's "
                    "max_allowed_packet",
         .sql = {}});
}

[[noreturn]] void fail_commit(std::string_view before) {
    throw statement_error({.code = "implicit_commit",
                           .message = "MariaDB commits the open transaction before " + std::string(before) +
                                      ", and cannot take it back; commit or roll back first, then run it "
                                      "outside of a transaction",
                           .sql = {}});
}

/// Without a buffer of ours to copy into, libmariadb leaves a note of where the value lies in the row.
wire_value value_in_row(const MYSQL_STMT& s, std::size_t column) noexcept {
    const MYSQL_BIND& b = s.bind[column];
    return {b.u.row_ptr, b.u.row_ptr != nullptr ? *b.length : 0, &s.fields[column]};
}

} // namespace

void mariadb_statement::closer::operator()(MYSQL_STMT* s) const noexcept { owner->close(s); }

mariadb_statement::mariadb_statement(channel& c, std::string_view sql, statement_record& record)
    : channel_(c),
      record_(record),
      sql_(sql),
      handle_(nullptr, closer{&c}),
      kind_(kind_of(sql)),
      may_change_session_(may_change_session(sql)) {
    require_one_text(sql);
    require_packet(sql, c.largest_packet());
    channel_.make_free();
    prepare();
    parameters_ = parameters(parameter_count());
}

mariadb_statement::~mariadb_statement() { reset(); }

void mariadb_statement::prepare() {
    const client& api = channel_.api();
    handle_.reset(api.statement_init(channel_.handle()));
    if (handle_ == nullptr) throw std::bad_alloc();
    int failed = 0;
    patience p = channel_.new_patience();
    channel_.run(
        p, overdue_rule::stop_it,
        [&] { return api.prepare_start(&failed, handle_.get(), sql_.data(), sql_.size()); },
        [&](int events) { return api.prepare_cont(&failed, handle_.get(), events); });
    if (failed != 0) channel_.fail(handle_.get());
    channel_.succeed();
}

void mariadb_statement::bind(std::span<const cell> values) {
    reset();
    if (kind_ == statement_kind::commits && channel_.in_transaction())
        fail_commit("a statement that defines tables or rights");
    if (kind_ == statement_kind::controls && begins_transaction(sql_) && channel_.in_transaction())
        fail_commit("BEGIN and START");
    parameters_.set(values, channel_.largest_packet());
    patience_ = channel_.new_patience();
    progress_ = progress::bound;
    // Of a statement that returns what it writes, and of a procedure, the server tells the columns when it runs.
    if (kind_ == statement_kind::writes || kind_ == statement_kind::other) execute();
}

/// The rows that the server has sent for the columns of before go with the old statement.
void mariadb_statement::prepare_again() {
    handle_.reset();
    prepare();
}

bool mariadb_statement::send() {
    const client& api = channel_.api();
    MYSQL_STMT* const s = handle_.get();
    if (parameter_count() != 0 && api.bind_parameters(s, parameters_.data()) != 0) return false;
    int failed = 0;
    channel_.run(
        patience_, overdue_rule::stop_it, [&] { return api.execute_start(&failed, s); },
        [&](int events) { return api.execute_cont(&failed, s, events); });
    return failed == 0;
}

void mariadb_statement::execute() {
    channel_.make_free();
    record_.affected_rows = 0;
    rows_ = 0;
    progress_ = progress::done;
    if (may_change_session_) record_.changed_session = true;
    channel_.expect_begin(kind_ == statement_kind::other);
    handle_->cursor_exists = 0; // of an earlier execution: libmariadb does not take it back
    if (!send()) {
        // A table whose columns are not those of when the statement was prepared. A query can simply be sent once more.
        const bool is_changed = channel_.api().statement_error_number(handle_.get()) == columns_changed;
        if (kind_ != statement_kind::reads || !is_changed) channel_.fail(handle_.get());
        prepare_again();
        if (!send()) channel_.fail(handle_.get());
    }
    if (column_count() == 0) {
        channel_.skip_results(handle_.get(), patience_);
        channel_.succeed();
        return finish();
    }
    // First, so that the rows are read away should there be no memory for the columns.
    progress_ = handle_->cursor_exists != 0 ? progress::cursor : progress::rows;
    if (progress_ == progress::rows) channel_.begin_stream(*this);
    take_columns();
    if (progress_ == progress::cursor) channel_.succeed();
}

void mariadb_statement::take_columns() {
    columns_.resize(column_count());
    const MYSQL_FIELD* field = handle_->fields;
    for (plain_column& column : columns_) column = plain_column_of(*field++);
}

std::int64_t mariadb_statement::execute_all(row_array& rows) {
    reset();
    const client& api = channel_.api();
    MYSQL_STMT* const s = handle_.get();
    channel_.make_free();
    record_.affected_rows = 0;
    patience_ = channel_.new_patience();
    const unsigned count = rows.rows();
    api.set_attribute(s, STMT_ATTR_ARRAY_SIZE, &count);
    if (api.bind_parameters(s, rows.data()) != 0) channel_.fail(s);
    int failed = 0;
    channel_.run(
        patience_, overdue_rule::stop_it, [&] { return api.execute_start(&failed, s); },
        [&](int events) { return api.execute_cont(&failed, s, events); });
    if (failed != 0) channel_.fail(s);
    channel_.succeed();
    finish();
    return record_.affected_rows;
}

/// The next row of the cursor is not here yet.
bool mariadb_statement::needs_server() const noexcept {
    return progress_ == progress::cursor && handle_->result_cursor == nullptr;
}

void mariadb_statement::finish() {
    progress_ = progress::done;
    if (kind_ == statement_kind::reads) return;
    if (column_count() != 0) {
        record_.affected_rows = rows_; // INSERT ... RETURNING
    } else if (kind_ == statement_kind::writes) {
        record_.affected_rows = static_cast<std::int64_t>(channel_.api().affected_rows(handle_.get()));
    }
}

bool mariadb_statement::step() {
    if (progress_ == progress::bound) execute();
    if (progress_ != progress::rows && progress_ != progress::cursor) return false;
    if (needs_server()) {
        channel_.make_free();
        patience_ = channel_.new_patience(); // each fetch is a call of its own
    }
    kept_values_.clear();
    const client& api = channel_.api();
    MYSQL_STMT* const s = handle_.get();
    int result = 0;
    channel_.run(
        patience_, overdue_rule::stop_it, [&] { return api.fetch_start(&result, s); },
        [&](int events) { return api.fetch_cont(&result, s, events); });
    if (result == 0) {
        ++rows_;
        return true;
    }
    channel_.end_stream(*this);
    progress_ = progress::done;
    if (result != MYSQL_NO_DATA) channel_.fail(s);
    channel_.skip_results(s, patience_);
    channel_.succeed();
    finish();
    return false;
}

wire_value mariadb_statement::value_at(std::size_t column) const noexcept {
    return kept_values_.empty() ? value_in_row(*handle_, column) : kept_values_[column];
}

std::size_t mariadb_statement::read(std::size_t first, std::span<const cell_kind> expected, cell* out) {
    if (!kept_values_.empty()) [[unlikely]]
        return read_kept(first, expected, out);
    const MYSQL_BIND* value = handle_->bind + first;
    const plain_column* column = columns_.data() + first;
    for (std::size_t i = 0; i < expected.size(); ++i, ++value, ++column) {
        const unsigned char* const data = value->u.row_ptr;
        if (data == nullptr) {
            out[i] = cell();
        } else if (column->kind == expected[i]) {
            out[i] = read_plain(*column, data, *value->length);
        } else if (!read_value(value_in_row(*handle_, first + i), expected[i], out[i])) {
            return i;
        }
    }
    return expected.size();
}

std::size_t mariadb_statement::read_kept(std::size_t first, std::span<const cell_kind> expected,
                                         cell* out) const noexcept {
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!read_value(kept_values_[first + i], expected[i], out[i])) return i;
    }
    return expected.size();
}

cell mariadb_statement::read_raw(std::size_t column) { return read_raw_value(value_at(column)); }

/// Copies the current row, which lies in libmariadb's buffer, and has libmariadb store those that follow.
void mariadb_statement::keep_rows() {
    constexpr std::size_t longest_prefix = 9;
    std::size_t bytes = 0;
    const std::size_t columns = rows_ != 0 ? column_count() : 0;
    for (std::size_t i = 0; i < columns; ++i) bytes += value_at(i).size + longest_prefix;
    std::string copy;
    copy.reserve(bytes);
    std::vector<wire_value> values;
    for (std::size_t i = 0; i < columns; ++i) {
        wire_value v = value_at(i);
        if (v.data != nullptr) {
            const char* const start = copy.data() + copy.size();
            copy.append(reinterpret_cast<const char*>(v.data), v.wire_size());
            v.data = reinterpret_cast<const unsigned char*>(start);
        }
        values.push_back(v);
    }
    const client& api = channel_.api();
    MYSQL_STMT* const s = handle_.get();
    channel_.end_stream(*this);
    int failed = 0;
    channel_.run(
        patience_, overdue_rule::stop_it, [&] { return api.store_rows_start(&failed, s); },
        [&](int events) { return api.store_rows_cont(&failed, s, events); });
    if (failed != 0) {
        progress_ = progress::done;
        channel_.fail(s);
    }
    kept_row_ = std::move(copy);
    kept_values_ = std::move(values);
    if (s->result_cursor == nullptr) {
        // None followed, and libmariadb does not know it: before the next execution it would wait for them.
        int end = 0;
        channel_.run(
            patience_, overdue_rule::stop_it, [&] { return api.fetch_start(&end, s); },
            [&](int events) { return api.fetch_cont(&end, s, events); });
    }
    channel_.skip_results(s, patience_);
}

void mariadb_statement::reset() noexcept {
    if (progress_ == progress::idle) return;
    if (channel_.is_streaming(*this)) channel_.discard_rows(handle_.get(), is_read_only());
    if (progress_ == progress::cursor) channel_.close_cursor(handle_.get());
    if (handle_ != nullptr && column_count() != 0) channel_.api().free_rows(handle_.get());
    kept_values_.clear();
    progress_ = progress::idle;
}

void mariadb_statement::set_fetch_size(std::uint32_t rows) noexcept {
    if (kind_ != statement_kind::reads) return;
    const unsigned long type = rows != 0 ? CURSOR_TYPE_READ_ONLY : CURSOR_TYPE_NO_CURSOR;
    const unsigned long count = rows;
    channel_.api().set_attribute(handle_.get(), STMT_ATTR_CURSOR_TYPE, &type);
    if (rows != 0) channel_.api().set_attribute(handle_.get(), STMT_ATTR_PREFETCH_ROWS, &count);
}

std::size_t mariadb_statement::column_count() const { return channel_.api().field_count(handle_.get()); }

std::string_view mariadb_statement::column_name(std::size_t column) const {
    const MYSQL_FIELD& field = handle_->fields[column];
    return {field.name, field.name_length};
}

std::size_t mariadb_statement::parameter_count() const {
    return channel_.api().parameter_count(handle_.get());
}

} // namespace kin::mariadb
