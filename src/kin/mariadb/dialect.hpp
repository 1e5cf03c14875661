// SPDX-License-Identifier: MIT
#pragma once

#include <atomic> // the server is known only once somebody has connected
#include <cstdint>
#include <string>
#include <utility>

#include "kin/mariadb/channel.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::mariadb {

/// How MariaDB and MySQL write SQL. Immutable but for which server it speaks to; threads share it.
class mariadb_dialect final : public dialect {
public:
    /// `database`: that of the URL, whose tables bare names mean.
    explicit mariadb_dialect(name_style names = name_style::as_mapped, std::string database = {}) noexcept
        : names_(names),
          database_(std::move(database)) {
        learn({});
    }
    [[nodiscard]] std::string_view name() const noexcept override { return "mariadb"; }
    [[nodiscard]] bool supports(feature f) const noexcept override;
    [[nodiscard]] name_style names() const noexcept override { return names_; }
    [[nodiscard]] dialect_limits limits() const noexcept override {
        return {.parameters = 65535,
                .expression_depth = 1000,
                .fewest_rows_per_update = 2,
                .most_rows_per_update = 100,
                .fewest_rows_to_copy = is_mysql() ? 0U : 500U};
    }
    /// In backticks, which no sql_mode takes away. Names have 64 characters at most.
    void quote(std::string& out, std::string_view identifier) const override;
    /// In CREATE and ALTER TABLE a bare name means a table of the same database as the owner, not of the connection's.
    void quote_target(std::string& out, const qualified_name& target,
                      const qualified_name& owner) const override;
    [[nodiscard]] std::string type_name(const column& c) const override;
    [[nodiscard]] std::string_view generated_key_words() const noexcept override { return "AUTO_INCREMENT"; }
    /// Integers only: among texts MariaDB looks for each one in turn, where a list of placeholders is sorted.
    [[nodiscard]] std::string_view fault_of_enum_word(std::string_view word) const noexcept override;
    void in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const override;
    /// MariaDB takes a value that is no array for an array of that one: a step to position 0 stays where it is.
    [[nodiscard]] std::string_view json_access(type_kind as) const noexcept override;
    void limit_offset(std::string& out, bool has_limit, bool has_offset,
                      std::size_t first_placeholder) const override;
    [[nodiscard]] std::string_view empty_insert() const noexcept override { return "() VALUES ()"; }
    /// Not INSERT IGNORE, which would make a warning of every other error too.
    void leave_out_existing(std::string& out, std::string_view quoted_column) const override;
    /// Texts compare byte by byte, with the spaces at their end, as on the other databases.
    [[nodiscard]] std::string_view table_options() const noexcept override;
    void index_column(std::string& out, const column& c) const override;
    [[nodiscard]] std::string_view function_name(std::string_view name) const noexcept override {
        return name == "length" ? "char_length" : dialect::function_name(name); // LENGTH counts bytes
    }
    [[nodiscard]] std::string_view function_pattern(std::string_view name) const noexcept override {
        return name == "now" ? "utc_timestamp(6)" : dialect::function_pattern(name);
    }
    [[nodiscard]] std::string_view integer_division() const noexcept override { return " DIV "; }

    /// Called after every connect. An engine has one server, or several of a kind.
    void learn(server_facts facts) const noexcept;

private:
    [[nodiscard]] bool is_mysql() const noexcept;
    name_style names_;
    std::string database_;
    /// The version, and in the highest bits whether it is MySQL, and whether it refuses to write rows that somebody has changed.
    mutable std::atomic<std::uint64_t> server_;
};

} // namespace kin::mariadb
