// SPDX-License-Identifier: MIT
// The row operations of the unit of work: text for one table, without values.
#include <cassert>

#include "kin/sql/compiler.hpp"
#include "kin/sql/statement_writer.hpp"

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
    /// ... for an array of them.
    void next_array(const column& c) {
        out_ += "CAST(";
        dialect_.placeholder(out_, ++count_);
        out_.append(" AS ").append(dialect_.array_type(c)) += ')';
    }
    /// SQL in place of a value. `row`: the table whose columns it may name; null: none. Returns the values of its own placeholders.
    std::vector<value> next_expression(const expression& e, const table* row) {
        statement_writer writer(dialect_, count_);
        writer.scopes().enter(true);
        if (row) writer.scopes().add(*row);
        writer.expression_of(e);
        writer.run();
        compiled_statement made = writer.finish();
        out_ += made.sql;
        count_ += made.parameters.size();
        return std::move(made.parameters);
    }

private:
    const dialect& dialect_;
    std::string& out_;
    std::size_t count_ = 0;
};

void write_names(const dialect& d, std::string& out, std::span<const column* const> columns,
                 std::span<const assignment> computed) {
    std::string_view separator;
    const auto write = [&](const column& c) {
        out += separator;
        separator = ", ";
        d.quote(out, c.name);
    };
    for (const column* c : columns) write(*c);
    for (const assignment& a : computed) write(*a.target);
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

/// ... by SQL, which may name the columns of `t`.
void write_computed(const dialect& d, std::string& out, std::span<const assignment> computed, const table& t,
                    std::string_view separator, placeholders& values) {
    for (const assignment& a : computed) {
        out += separator;
        separator = ", ";
        d.quote(out, a.target->name);
        out += " = ";
        (void)values.next_expression(a.content, &t);
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

/// Rows with a value for each column.
void write_tuples(std::string& out, std::size_t rows, std::span<const column* const> columns,
                  placeholders& values, std::span<const assignment> computed = {}) {
    for (std::size_t row = 0; row < rows; ++row) {
        out += row == 0 ? "(" : ", (";
        std::string_view separator;
        for (const column* c : columns) {
            out += separator;
            separator = ", ";
            values.next(*c);
        }
        for (const assignment& a : computed) {
            out += separator;
            separator = ", ";
            (void)values.next_expression(a.content, nullptr);
        }
        out += ')';
    }
}

/// `table`: qualifies the columns, where there are others beside them.
void write_returning(const dialect& d, std::string& out, std::span<const column* const> columns,
                     std::string_view table = {}) {
    if (columns.empty()) return;
    std::string_view separator = " RETURNING ";
    for (const column* c : columns) {
        const std::string_view words = c->type.sql_read;
        const std::size_t mark = words.find('?');
        out.append(separator).append(words.substr(0, mark));
        if (!table.empty()) {
            d.quote(out, table);
            out += '.';
        }
        d.quote(out, c->name);
        if (mark != std::string_view::npos) out += words.substr(mark + 1);
        separator = ", ";
    }
}

} // namespace

std::string compile_insert(const dialect& d, const table& t, std::span<const column* const> columns,
                           std::size_t rows, std::span<const column* const> returning,
                           std::span<const assignment> computed) {
    std::string out = "INSERT INTO ";
    d.quote_table(out, t.qualified());
    if (columns.empty() && computed.empty()) {
        assert(rows == 1);
        out += ' ';
        out += d.empty_insert();
    } else {
        out += " (";
        write_names(d, out, columns, computed);
        out += ") VALUES ";
        placeholders values(d, out);
        write_tuples(out, rows, columns, values, computed);
    }
    write_returning(d, out, returning);
    return out;
}

std::vector<value> parameters_of(const dialect& d, const table* row, std::span<const assignment> computed) {
    std::vector<value> all;
    std::string text;
    placeholders values(d, text);
    for (const assignment& a : computed) {
        for (value& v : values.next_expression(a.content, row)) all.push_back(std::move(v));
    }
    return all;
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
                           std::span<const column* const> key_columns, std::size_t rows,
                           std::span<const assignment> computed, std::span<const column* const> returning) {
    assert(!set.empty() || !computed.empty());
    std::string out = "UPDATE ";
    d.quote_table(out, t.qualified());
    placeholders values(d, out);
    out += " SET ";
    write_assignments(d, out, set, ", ", values);
    write_computed(d, out, computed, t, set.empty() ? "" : ", ", values);
    write_keys(d, out, key_columns, rows, values);
    write_returning(d, out, returning);
    return out;
}

namespace {

/// UPDATE of many rows to values of their own: the parts of its text.
class update_each_writer {
public:
    update_each_writer(const dialect& d, const table& t, std::span<const column* const> set,
                       std::span<const column* const> key_columns, std::span<const assignment> computed)
        : dialect_(d),
          table_(t),
          values_(d, out_),
          set_(set),
          keys_(key_columns),
          computed_(computed),
          columns_(key_columns.begin(), key_columns.end()) {
        columns_.insert(columns_.end(), set.begin(), set.end());
        d.quote(target_, t.name());
        d.quote(source_, t.name() == "kin_rows" ? "kin_rows_" : "kin_rows");
    }

    [[nodiscard]] std::string write(std::size_t rows) {
        out_ += "UPDATE ";
        dialect_.quote_table(out_, table_.qualified());
        if (dialect_.supports(feature::array_rows)) {
            assignments(false);
            arrays();
            conditions(" WHERE ");
        } else if (dialect_.supports(feature::update_from)) {
            assignments(false);
            out_ += " FROM (VALUES ";
            write_tuples(out_, rows, columns_, values_);
            out_.append(") AS ").append(source_);
            conditions(" WHERE ");
        } else {
            out_ += " JOIN (";
            selects(rows);
            out_.append(") AS ").append(source_);
            conditions(" ON ");
            assignments(true);
        }
        return std::move(out_);
    }

private:
    void arrays() {
        std::string names;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            out_ += i == 0 ? " FROM unnest(" : ", ";
            values_.next_array(*columns_[i]);
            names.append(i == 0 ? "column" : ", column").append(std::to_string(i + 1));
        }
        out_.append(") AS ").append(source_).append(" (").append(names) += ')';
    }
    void selects(std::size_t rows) {
        for (std::size_t row = 0; row < rows; ++row) {
            if (row != 0) out_ += " UNION ALL ";
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                out_ += i == 0 ? "SELECT " : ", ";
                values_.next(*columns_[i]);
                if (row == 0) out_.append(" AS column").append(std::to_string(i + 1));
            }
        }
    }
    void assignments(bool qualified) {
        for (std::size_t i = 0; i < set_.size(); ++i) {
            out_ += i == 0 ? " SET " : ", ";
            if (qualified) out_.append(target_) += '.';
            dialect_.quote(out_, set_[i]->name);
            out_ += " = ";
            // An array stands among arrays as its text.
            const bool is_text =
                set_[i]->type.kind == type_kind::array && dialect_.supports(feature::array_rows);
            if (is_text) out_ += "CAST(";
            value_column(keys_.size() + i);
            if (is_text) out_.append(" AS ").append(dialect_.type_name(*set_[i])) += ')';
        }
        for (const assignment& a : computed_) {
            out_ += ", ";
            if (qualified) out_.append(target_) += '.';
            dialect_.quote(out_, a.target->name);
            out_ += " = ";
            (void)values_.next_expression(a.content, nullptr);
        }
    }
    void conditions(std::string_view before) {
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            out_.append(i == 0 ? before : " AND ").append(target_) += '.';
            dialect_.quote(out_, keys_[i]->name);
            out_ += " = ";
            value_column(i);
        }
    }
    /// SQLite and PostgreSQL call the columns of VALUES column1, column2 ...
    void value_column(std::size_t position) {
        out_.append(source_).append(".column").append(std::to_string(position + 1));
    }

    const dialect& dialect_;
    const table& table_;
    std::string out_, target_, source_; // target_: how its columns are qualified
    placeholders values_;
    std::span<const column* const> set_, keys_;
    std::span<const assignment> computed_;
    std::vector<const column*> columns_; // of a row
};

} // namespace

std::string compile_update_each(const dialect& d, const table& t, std::span<const column* const> set,
                                std::span<const column* const> key_columns, std::size_t rows,
                                std::span<const column* const> returning,
                                std::span<const assignment> computed) {
    assert(!set.empty() && !key_columns.empty() && rows > 0);
    std::string out = update_each_writer(d, t, set, key_columns, computed).write(rows);
    write_returning(d, out, returning, t.name());
    return out;
}

std::string compile_delete(const dialect& d, const table& t, std::span<const column* const> key_columns,
                           std::size_t rows, std::span<const column* const> returning) {
    std::string out = "DELETE FROM ";
    d.quote_table(out, t.qualified());
    placeholders values(d, out);
    write_keys(d, out, key_columns, rows, values);
    write_returning(d, out, returning);
    return out;
}

} // namespace kin
