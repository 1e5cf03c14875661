// SPDX-License-Identifier: MIT
#pragma once

#include "kin/sql/dialect.hpp"

namespace kin::sqlite {

/// How SQLite writes SQL. Stateless; threads share it.
class sqlite_dialect final : public dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "sqlite"; }
    [[nodiscard]] bool supports(feature f) const noexcept override;
    [[nodiscard]] dialect_limits limits() const noexcept override {
        return {.parameters = 32766, .expression_depth = 1000};
    }
    [[nodiscard]] std::string type_name(const column& c) const override;
    /// A lone INTEGER PRIMARY KEY is the rowid, which SQLite counts up by itself.
    [[nodiscard]] std::string_view generated_key_words() const noexcept override { return {}; }
    void in_array(std::string& out, std::string_view quoted_column, std::size_t n) const override;
};

} // namespace kin::sqlite
