// SPDX-License-Identifier: MIT
#pragma once

#include "kin/sql/dialect.hpp"

namespace kin::postgresql {

/// How PostgreSQL writes SQL. Stateless; threads share it.
class postgresql_dialect final : public dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "postgresql"; }
    [[nodiscard]] bool supports(feature f) const noexcept override;
    [[nodiscard]] dialect_limits limits() const noexcept override {
        return {.parameters = 65535,
                .expression_depth = 1000,
                .identifier_bytes = 63,
                .fewest_rows_to_copy = 500};
    }
    void placeholder(std::string& out, std::size_t n) const override;
    [[nodiscard]] std::string type_name(const column& c) const override;
    void in_array(std::string& out, std::string_view quoted_column, std::size_t n) const override;
    [[nodiscard]] std::string_view array_brackets() const noexcept override { return "{}"; }
    void limit_offset(std::string& out, bool has_limit, bool has_offset,
                      std::size_t first_placeholder) const override;
    [[nodiscard]] std::string_view true_literal() const noexcept override { return "TRUE"; }
    [[nodiscard]] std::string_view false_literal() const noexcept override { return "FALSE"; }
};

} // namespace kin::postgresql
