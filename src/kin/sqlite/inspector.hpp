// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/inspector.hpp"

namespace kin {
class connection;
}

namespace kin::sqlite {

/// Reads the schema by SQLite's pragma functions, with bound names. Constraints have no names there.
class sqlite_inspector final : public inspector {
public:
    explicit sqlite_inspector(connection& c) noexcept : connection_(c) {}

    [[nodiscard]] std::vector<std::string> table_names() override;
    [[nodiscard]] bool has_table(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_column> columns(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_index> indexes(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_foreign_key> foreign_keys(std::string_view table) override;
    [[nodiscard]] std::vector<inspected_unique> uniques(std::string_view table) override;

private:
    connection& connection_;
};

} // namespace kin::sqlite
