// SPDX-License-Identifier: MIT
#pragma once

#include "kin/sql/dialect.hpp"

namespace kin::postgresql {

/// kin asks the server for the types of a prepared statement's parameters, and libpq takes an answer of more than 30,000 bytes (4 for each
/// parameter, 6 in front) for a broken connection: "lost synchronization with server". What has more parameters is not prepared.
inline constexpr std::size_t most_described_parameters = 7498;

/// How PostgreSQL writes SQL. Stateless; threads share it.
class postgresql_dialect final : public dialect {
public:
    explicit postgresql_dialect(name_style names = name_style::as_mapped) noexcept : names_(names) {}
    [[nodiscard]] std::string_view name() const noexcept override { return "postgresql"; }
    [[nodiscard]] bool supports(feature f) const noexcept override;
    [[nodiscard]] name_style names() const noexcept override { return names_; }
    [[nodiscard]] dialect_limits limits() const noexcept override {
        return {.parameters = 65535,
                .expression_depth = 1000,
                .identifier_bytes = 63,
                .fewest_rows_per_update = 2,
                .most_rows_per_update = 1000,
                .fewest_rows_to_copy = 500};
    }
    void placeholder(std::string& out, std::size_t n) const override;
    [[nodiscard]] std::string type_name(const column& c) const override;
    [[nodiscard]] std::string array_type(const column& c) const override;
    [[nodiscard]] std::string_view fault_of_enum_word(std::string_view word) const noexcept override;
    [[nodiscard]] bool takes_array_of(cell_kind kind) const noexcept override;
    void in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const override;
    [[nodiscard]] std::optional<std::string> array_text(std::span<const cell> values) const override;
    void limit_offset(std::string& out, bool has_limit, bool has_offset,
                      std::size_t first_placeholder) const override;
    [[nodiscard]] std::string_view json_access(type_kind as) const noexcept override;
    /// In the strict form of SQL/JSON, which takes no value for an array of one. Names may have any characters but NUL.
    [[nodiscard]] std::string json_path(std::span<const json_step> path) const override;
    [[nodiscard]] std::string_view function_pattern(std::string_view name) const noexcept override;
    [[nodiscard]] std::string_view true_literal() const noexcept override { return "TRUE"; }
    [[nodiscard]] std::string_view false_literal() const noexcept override { return "FALSE"; }

private:
    name_style names_;
};

} // namespace kin::postgresql
