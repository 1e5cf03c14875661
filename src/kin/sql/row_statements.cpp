// SPDX-License-Identifier: MIT
// The row operations of the unit of work: text for one table, without values.
#include <cassert>

#include "kin/sql/compiler.hpp"

namespace kin {

namespace {

/// Writes the placeholders of one statement, counted from 1.
class placeholders {
public:
    placeholders(const dialect& d, std::string& out) noexcept : dialect_(d), out_(out) {}
    /// The next one, for a value of column `c`, with the SQL that its type puts around it.
    void next(const column& c) {
        const std::string_view words = c.type.sql_write;
        const std::size_t mark = words.find('?');
        out_ += words.substr(0, mark);
        dialect_.placeholder(out_, ++count_);
        if (mark != std::string_view::npos) out_ += words.substr(mark + 1);
    }

private:
    const dialect& dialect_;
    std::string& out_;
    std::size_t count_ = 0;
};

void write_names(const dialect& d, std::string& out, std::span<const column* const> columns) {
    bool first = true;
    for (const column* c : columns) {
        if (!first) out += ", ";
        first = false;
        d.quote(out, c->name);
    }
}

void write_assignments(const dialect& d, std::string& out, std::span<const column* const> columns,
                       std::string_view separator, placeholders& values) {
    bool first = true;
    for (const column* c : columns) {
        if (!first) out += separator;
        first = false;
        d.quote(out, c->name);
        out += " = ";
        values.next(*c);
    }
}

/// (k1 AND k2) OR (...) for `rows` rows, halved so that the database's parser sees a shallow tree.
void write_compound_keys(const dialect& d, std::string& out, std::span<const column* const> key,
                         std::size_t rows, placeholders& values) {
    constexpr std::size_t flat = 8;
    if (rows > flat) {
        out += '(';
        write_compound_keys(d, out, key, rows / 2, values);
        out += ") OR (";
        write_compound_keys(d, out, key, rows - rows / 2, values);
        out += ')';
        return;
    }
    for (std::size_t i = 0; i < rows; ++i) {
        if (i != 0) out += " OR ";
        if (rows != 1) out += '(';
        write_assignments(d, out, key, " AND ", values);
        if (rows != 1) out += ')';
    }
}

/// ` WHERE` the keys of `rows` rows.
void write_keys(const dialect& d, std::string& out, std::span<const column* const> key, std::size_t rows,
                placeholders& values) {
    assert(!key.empty() && rows > 0);
    out += " WHERE ";
    if (key.size() > 1 || rows == 1) {
        write_compound_keys(d, out, key, rows, values);
        return;
    }
    d.quote(out, key.front()->name);
    out += " IN (";
    for (std::size_t row = 0; row < rows; ++row) {
        if (row != 0) out += ", ";
        values.next(*key.front());
    }
    out += ')';
}

/// Rows with a value for each column of `first` and then of `second`.
void write_tuples(std::string& out, std::size_t rows, std::span<const column* const> first,
                  std::span<const column* const> second, placeholders& values) {
    for (std::size_t row = 0; row < rows; ++row) {
        out += row == 0 ? "(" : ", (";
        std::string_view separator;
        for (const auto& columns : {first, second}) {
            for (const column* c : columns) {
                out += separator;
                separator = ", ";
                values.next(*c);
            }
        }
        out += ')';
    }
}

void write_returning(const dialect& d, std::string& out, std::span<const column* const> columns) {
    if (columns.empty()) return;
    std::string_view separator = " RETURNING ";
    for (const column* c : columns) {
        const std::string_view words = c->type.sql_read;
        const std::size_t mark = words.find('?');
        out.append(separator).append(words.substr(0, mark));
        d.quote(out, c->name);
        if (mark != std::string_view::npos) out += words.substr(mark + 1);
        separator = ", ";
    }
}

} // namespace

std::string compile_insert(const dialect& d, const table& t, std::span<const column* const> columns,
                           std::size_t rows, std::span<const column* const> returning) {
    std::string out = "INSERT INTO ";
    d.quote(out, t.name());
    if (columns.empty()) {
        assert(rows == 1);
        out += ' ';
        out += d.empty_insert();
    } else {
        out += " (";
        write_names(d, out, columns);
        out += ") VALUES ";
        placeholders values(d, out);
        write_tuples(out, rows, columns, {}, values);
    }
    write_returning(d, out, returning);
    return out;
}

std::string compile_insert_missing(const dialect& d, const table& t, std::span<const column* const> columns,
                                   std::size_t rows) {
    std::string out = compile_insert(d, t, columns, rows, {});
    std::string name;
    d.quote(name, columns.front()->name);
    d.leave_out_existing(out, name);
    return out;
}

std::string compile_update(const dialect& d, const table& t, std::span<const column* const> set,
                           std::span<const column* const> key_columns, std::size_t rows) {
    assert(!set.empty());
    std::string out = "UPDATE ";
    d.quote(out, t.name());
    placeholders values(d, out);
    out += " SET ";
    write_assignments(d, out, set, ", ", values);
    write_keys(d, out, key_columns, rows, values);
    return out;
}

namespace {

/// A column of VALUES in FROM: SQLite and PostgreSQL name them column1, column2 ...
void write_value_column(std::string& out, std::string_view quoted_source, std::size_t position) {
    out.append(quoted_source).append(".column").append(std::to_string(position + 1));
}

} // namespace

std::string compile_update_each(const dialect& d, const table& t, std::span<const column* const> set,
                                std::span<const column* const> key_columns, std::size_t rows) {
    assert(!set.empty() && !key_columns.empty() && rows > 0);
    std::string target, source;
    d.quote(target, t.name());
    d.quote(source, t.name() == "kin_rows" ? "kin_rows_" : "kin_rows");
    std::string out = "UPDATE " + target;
    for (std::size_t i = 0; i < set.size(); ++i) {
        out += i == 0 ? " SET " : ", ";
        d.quote(out, set[i]->name);
        out += " = ";
        write_value_column(out, source, key_columns.size() + i);
    }
    out += " FROM (VALUES ";
    placeholders values(d, out);
    write_tuples(out, rows, key_columns, set, values);
    out.append(") AS ").append(source);
    for (std::size_t i = 0; i < key_columns.size(); ++i) {
        out.append(i == 0 ? " WHERE " : " AND ").append(target) += '.';
        d.quote(out, key_columns[i]->name);
        out += " = ";
        write_value_column(out, source, i);
    }
    return out;
}

std::string compile_delete(const dialect& d, const table& t, std::span<const column* const> key_columns,
                           std::size_t rows, std::span<const column* const> returning) {
    std::string out = "DELETE FROM ";
    d.quote(out, t.name());
    placeholders values(d, out);
    write_keys(d, out, key_columns, rows, values);
    write_returning(d, out, returning);
    return out;
}

} // namespace kin
