// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/schema/table.hpp"

namespace kin {

/// What a database can do; compiler, session and tests ask instead of testing names.
enum class feature : std::uint8_t {
    returning,        // INSERT ... RETURNING, DELETE ... RETURNING
    update_returning, // UPDATE ... RETURNING
    update_from,      // UPDATE t SET ... FROM rows; without it: UPDATE t JOIN rows SET ...
    array_rows,       // arrays, one for each column, can stand for rows: unnest(...)
    multi_row_insert, // VALUES (...), (...)
    array_parameter,  // one parameter can stand for a list of integers: `in_array`
    transactional_ddl,
    drop_constraint,
    later_tables,        // a FOREIGN KEY may name a table that is not there yet
    drop_together,       // DROP TABLE a, b drops tables that refer to each other
    json_path,           // values inside of a JSON document: json_access()
    recursive_queries,   // WITH RECURSIVE
    native_arrays,       // a column may be an array; without it: JSON text
    native_enums,        // a column may be of an enumerated type; without it: VARCHAR with a CHECK
    enum_types,          // ... and that type is an object with a name, which is there before the tables
    foreign_keys_at_end, // foreign keys are checked when a statement ends; without it: row by row, within it
    on_update_in_table,  // ON UPDATE CASCADE and SET NULL reach rows of the table itself
    writes_newest_rows, // a write takes a row as it is now; without it, one that somebody changed since the transaction began to read is
                        // refused: serialization_failure
    nul_in_text,        // a text can hold the character NUL
    failed_statement_is_undone,  // ... alone, and the transaction goes on: it is not lost as a whole
    schemas,                     // a table may lie in a schema that its model names
    foreign_keys_across_schemas, // ... and refer to a table of another one
    deferrable_keys,             // a foreign key may be checked when the transaction commits: key_check
};

/// How a database calls what the models name.
enum class name_style : std::uint8_t {
    as_mapped,  // by the same names
    snake_case, // PlaylistTrack is playlist_track there, UnitPrice is unit_price
};

/// One step of a path into a JSON document: the name of a member, or the digits of an element's position.
struct json_step {
    std::string text;
    bool is_position = false;
};

/// Bounds of the database, checked before anything is sent.
struct dialect_limits {
    std::size_t parameters = 32766;
    std::size_t expression_depth = 1000;
    std::size_t identifier_bytes = 0; // 0: none
    /// Rows that one UPDATE gives values of their own (`compile_update_each`): from how many on it pays, and how many are best.
    /// 0: the database has no such statement.
    std::size_t fewest_rows_per_update = 0;
    std::size_t most_rows_per_update = 0;
    /// Rows from which the driver's way of loading many (`connection::copy_in`) pays; 0: it has none.
    std::size_t fewest_rows_to_copy = 0;
};

/// How a database writes SQL. Stateless and immutable: threads share it. The base class writes standard SQL (double
/// quotes, `?`, CAST), so a dialect overrides only what differs. Knows nothing of connections: that is the driver.
class dialect {
public:
    virtual ~dialect() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0; // "sqlite"
    [[nodiscard]] virtual bool supports(feature f) const noexcept = 0;
    [[nodiscard]] virtual dialect_limits limits() const noexcept { return {}; }

    /// How the tables, columns and constraints of this database are called: the URL's option `names`.
    [[nodiscard]] virtual name_style names() const noexcept { return name_style::as_mapped; }
    /// The database's name for what the models call `mapped`. A name of 63 bytes or less stays so short (kin's own convention for
    /// names that would be longer).
    [[nodiscard]] std::string name_in_database(std::string_view mapped) const;
    /// The database's name for `identifier`, quoted. Throws: compile_error (bad_identifier) for an empty one, NUL, invalid UTF-8, or beyond the
    /// limit.
    virtual void quote(std::string& out, std::string_view identifier) const;
    /// The table's name as statements have it, with its schema if it has one: "sales"."orders". Throws: compile_error (bad_identifier;
    /// unsupported_feature for a schema, without feature::schemas).
    void quote_table(std::string& out, const qualified_name& table) const;
    /// The table that a foreign key of `owner` refers to. A bare name must mean there what it means elsewhere.
    virtual void quote_target(std::string& out, const qualified_name& target,
                              const qualified_name& owner) const;
    /// The n-th placeholder, counted from 1.
    virtual void placeholder(std::string& out, std::size_t n) const;
    /// The words for a column's type in CREATE TABLE. Throws: compile_error (bad_enumeration).
    [[nodiscard]] virtual std::string type_name(const column& c) const;
    /// Whether a column of this type has an enumerated type of the database.
    [[nodiscard]] bool is_native_enum(const column_type& type) const noexcept {
        return type.kind == type_kind::enumeration && type.storage == enum_storage::native &&
               supports(feature::native_enums);
    }
    /// The words for that type as a column has it: its name with feature::enum_types, else ENUM(...).
    [[nodiscard]] std::string enum_type(const column_type& type) const;
    /// The words of an enumeration between its parentheses: 'draft', 'it''s'. Throws: compile_error (bad_enumeration) for a word of a
    /// native type that the database cannot have.
    void enum_words(std::string& out, const column_type& type) const;
    /// What follows the last parenthesis of CREATE TABLE, with a space before; empty where nothing is needed.
    [[nodiscard]] virtual std::string_view table_options() const noexcept { return {}; }
    /// What follows the type of a primary key column whose value the database makes; empty where nothing is needed.
    [[nodiscard]] virtual std::string_view generated_key_words() const noexcept {
        return "GENERATED BY DEFAULT AS IDENTITY";
    }
    /// The type of an array of values of `c`, as one of the columns of feature::array_rows.
    [[nodiscard]] virtual std::string array_type(const column& c) const;
    /// Whether one text parameter can stand for a list of such values; integers wherever there is feature::array_parameter.
    [[nodiscard]] virtual bool takes_array_of(cell_kind kind) const noexcept;
    /// ` IN (the list in placeholder n)`, or ` NOT IN ...`, where the list is one parameter that array_text() has made: what follows the
    /// operand. Throws: compile_error (unsupported_feature) where takes_array_of() is false.
    virtual void in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const;
    /// Values of one kind, or NULL, as one parameter: a JSON array, unless the dialect says otherwise. Nothing when one of them cannot be
    /// part of it.
    [[nodiscard]] virtual std::optional<std::string> array_text(std::span<const cell> values) const;
    /// LIMIT and OFFSET, without a space before; -1 stands for "none".
    virtual void limit_offset(std::string& out, bool has_limit, bool has_offset,
                              std::size_t first_placeholder) const;
    [[nodiscard]] virtual std::string_view true_literal() const noexcept { return "1"; }
    [[nodiscard]] virtual std::string_view false_literal() const noexcept { return "0"; }
    /// A BOOLEAN column takes any number, so CREATE TABLE adds a CHECK for 0 and 1.
    [[nodiscard]] virtual bool stores_booleans_as_numbers() const noexcept { return true_literal() == "1"; }
    /// What follows a decimal where its order counts (comparing, ORDER BY, min, max); for databases that keep decimals as text.
    [[nodiscard]] virtual std::string_view decimal_order() const noexcept { return {}; }
    /// What follows a SELECT so that nobody changes its rows until the transaction ends; empty where a writer is alone anyway.
    [[nodiscard]] virtual std::string_view row_lock() const noexcept { return " FOR UPDATE"; }
    /// SQL for a function of kin's list that is no call: `{1}` and `{2}` stand for its arguments, or for 0 where there is none. Empty: a call.
    /// One that does not end in a parenthesis is put into a pair of them where it is an operand. The base class writes the operators
    /// of decimals.
    [[nodiscard]] virtual std::string_view function_pattern(std::string_view name) const noexcept;
    /// The database's name for a function of kin's list (src/kin/sql/function.cpp).
    [[nodiscard]] virtual std::string_view function_name(std::string_view name) const noexcept;
    /// SQL for the value at a path of a document, as text, integer, real, boolean or json: `{c}` stands for the document and
    /// `{p}` for the path's placeholder. It needs no parentheses, and is NULL where there is no value or one of another type.
    [[nodiscard]] virtual std::string_view json_access(type_kind as) const noexcept {
        (void)as;
        return {};
    }
    /// The path as json_access() takes it: $."name"[0]. Throws: compile_error (unsupported_feature) for a name that the database
    /// cannot look for.
    [[nodiscard]] virtual std::string json_path(std::span<const json_step> path) const;
    [[nodiscard]] virtual std::string_view empty_insert() const noexcept { return "DEFAULT VALUES"; }
    /// What follows an INSERT so that rows whose keys are there already are left out; `quoted_column` is one of its columns.
    virtual void leave_out_existing(std::string& out, std::string_view quoted_column) const;
    /// A column of CREATE INDEX: its name, and how much of it is indexed where a database asks.
    virtual void index_column(std::string& out, const column& c) const;
    /// What CREATE INDEX says before its columns: "ix_orders_number" ON "sales"."orders".
    virtual void index_on(std::string& out, std::string_view index_name, const qualified_name& table) const;
    /// The operator that divides two integers so that an integer comes out, cut towards zero.
    [[nodiscard]] virtual std::string_view integer_division() const noexcept { return " / "; }

protected:
    /// Why a native type cannot have this word, as what follows it in a sentence; empty: it can.
    [[nodiscard]] virtual std::string_view fault_of_enum_word(std::string_view word) const noexcept {
        (void)word;
        return {};
    }
    /// For quote(). Throws: compile_error (bad_identifier) for an empty name, NUL or invalid UTF-8.
    static void require_name(std::string_view identifier);
};

} // namespace kin
