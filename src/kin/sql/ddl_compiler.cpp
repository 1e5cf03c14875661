// SPDX-License-Identifier: MIT
#include "kin/sql/ddl_compiler.hpp"

#include <algorithm>

#include "kin/schema/naming.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

/// Writes CREATE TABLE, one column or constraint a line.
class table_writer {
public:
    table_writer(const dialect& d, const table& t) : dialect_(d), table_(t) {}

    std::string write(std::span<const foreign_key_constraint* const> later) {
        out_ = "CREATE TABLE ";
        dialect_.quote_table(out_, table_.qualified());
        out_ += " (";
        for (const column& c : table_.columns()) definition(c);
        primary_key();
        for (const unique_constraint& u : table_.uniques) {
            constraint(table_.name_of(u), "UNIQUE ");
            names(u.columns);
        }
        for (const column& c : table_.columns()) allowed_values(c);
        for (const check_constraint& c : table_.checks) {
            constraint(table_.name_of(c), "CHECK (");
            out_ += c.expression;
            out_ += ')';
        }
        for (const foreign_key_constraint& key : table_.foreign_keys) {
            if (std::find(later.begin(), later.end(), &key) != later.end()) continue;
            line();
            foreign_key(key);
        }
        out_ += "\n)";
        out_ += dialect_.table_options();
        return std::move(out_);
    }

    std::string write_later(const foreign_key_constraint& key) {
        out_ = "ALTER TABLE ";
        dialect_.quote_table(out_, table_.qualified());
        out_ += " ADD ";
        foreign_key(key);
        return std::move(out_);
    }

private:
    void line() {
        out_ += first_ ? "\n  " : ",\n  ";
        first_ = false;
    }

    void constraint(std::string_view name, std::string_view words) {
        line();
        named(name, words);
    }

    void named(std::string_view name, std::string_view words) {
        out_ += "CONSTRAINT ";
        dialect_.quote(out_, name);
        out_ += ' ';
        out_ += words;
    }

    void names(const std::vector<std::uint32_t>& columns) {
        out_ += '(';
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i != 0) out_ += ", ";
            dialect_.quote(out_, table_.columns().at(columns[i]).name);
        }
        out_ += ')';
    }

    void definition(const column& c) {
        line();
        dialect_.quote(out_, c.name);
        out_ += ' ';
        out_ += c.type_words.empty() ? dialect_.type_name(c) : c.type_words;
        if (!c.nullable || c.primary_key) out_ += " NOT NULL";
        if (c.generated && !dialect_.generated_key_words().empty()) {
            out_ += ' ';
            out_ += dialect_.generated_key_words();
        }
        if (!c.server_default.empty()) {
            out_ += " DEFAULT ";
            out_ += c.server_default;
        }
    }

    /// At the end, where one form serves keys of one column and of several. SQLite makes a lone INTEGER key the
    /// row's own number in this form, too.
    void primary_key() {
        std::vector<std::uint32_t> key;
        for (const column& c : table_.columns()) {
            if (c.primary_key) key.push_back(c.index);
        }
        if (key.empty()) return;
        line();
        out_ += "PRIMARY KEY ";
        names(key);
    }

    /// CHECK for an enumeration, and for a boolean where the database keeps it as a number.
    void allowed_values(const column& c) {
        const bool is_enumeration = c.type.kind == type_kind::enumeration && c.type.name_count != 0 &&
                                    c.type.storage != enum_storage::text && !dialect_.is_native_enum(c.type);
        const bool is_number = c.type.kind == type_kind::boolean && dialect_.stores_booleans_as_numbers();
        if ((!is_enumeration && !is_number) || !c.type_words.empty()) return;
        constraint(fit_name("ck_" + table_.name() + "_" + c.name), "CHECK (");
        dialect_.quote(out_, c.name);
        out_ += " IN (";
        if (is_number) out_ += "0, 1";
        if (is_enumeration) dialect_.enum_words(out_, c.type);
        out_ += "))";
    }

    void foreign_key(const foreign_key_constraint& key) {
        named(table_.name_of(key), "FOREIGN KEY ");
        names(key.columns);
        out_ += " REFERENCES ";
        target(key);
        out_ += " (";
        for (std::size_t i = 0; i < key.target_columns.size(); ++i) {
            if (i != 0) out_ += ", ";
            dialect_.quote(out_, key.target_columns[i]);
        }
        out_ += ')';
        action(" ON DELETE ", key.on_delete);
        action(" ON UPDATE ", key.on_update);
        if (key.checked == key_check::at_once || !dialect_.supports(feature::deferrable_keys)) return;
        out_ += key.checked == key_check::at_commit ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    }

    /// Where no key leads out of its schema, none can say which one it means.
    void target(const foreign_key_constraint& key) {
        if (dialect_.supports(feature::foreign_keys_across_schemas))
            return dialect_.quote_target(out_, {key.target_table, key.target_schema}, table_.qualified());
        if (key.target_schema != table_.schema()) {
            refuse(
                "unsupported_feature",
                "the foreign key " + table_.name_of(key) + " of " + table_.full_name() + " refers to " +
                    (key.target_schema.empty() ? "" : key.target_schema + ".") + key.target_table + ", and " +
                    std::string(dialect_.name()) +
                    " has no foreign keys from one schema to another; give both tables the same schema, or "
                    "make the member a plain one");
        }
        dialect_.quote(out_, key.target_table);
    }

    void action(std::string_view when, referential_action what) {
        if (what == referential_action::no_action) return;
        out_ += when;
        out_ += words_of(what);
    }

    static std::string_view words_of(referential_action what) {
        switch (what) {
        case referential_action::no_action: break;
        case referential_action::restrict: return "RESTRICT";
        case referential_action::cascade: return "CASCADE";
        case referential_action::set_null: return "SET NULL";
        case referential_action::set_default: return "SET DEFAULT";
        }
        return "NO ACTION";
    }

    const dialect& dialect_;
    const table& table_;
    std::string out_;
    bool first_ = true;
};

} // namespace

std::string compile_create_table(const dialect& d, const table& t,
                                 std::span<const foreign_key_constraint* const> later) {
    return table_writer(d, t).write(later);
}

std::string compile_add_foreign_key(const dialect& d, const table& t, const foreign_key_constraint& key) {
    return table_writer(d, t).write_later(key);
}

std::string compile_drop_foreign_key(const dialect& d, const table& t, std::string_view name) {
    std::string out = "ALTER TABLE ";
    d.quote_table(out, t.qualified());
    out += " DROP CONSTRAINT ";
    d.quote(out, name);
    return out;
}

std::vector<std::string> compile_create_indexes(const dialect& d, const table& t) {
    std::vector<std::string> statements;
    for (const index_definition& index : t.indexes) {
        std::string out = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
        d.index_on(out, t.name_of(index), t.qualified());
        out += " (";
        for (std::size_t i = 0; i < index.columns.size(); ++i) {
            if (i != 0) out += ", ";
            d.index_column(out, t.columns().at(index.columns[i]));
        }
        out += ')';
        statements.push_back(std::move(out));
    }
    return statements;
}

std::vector<std::string> compile_drop_tables(const dialect& d, std::span<const table* const> tables) {
    std::vector<std::string> statements;
    for (const table* t : tables) {
        if (statements.empty() || !d.supports(feature::drop_together))
            statements.emplace_back("DROP TABLE ");
        else
            statements.back() += ", ";
        d.quote_table(statements.back(), t->qualified());
    }
    return statements;
}

} // namespace kin
