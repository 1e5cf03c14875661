// SPDX-License-Identifier: MIT
#pragma once

#include <mysql.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/mariadb/parameters.hpp"

namespace kin::mariadb {

/// The values of many rows for one statement of one row (array binding), column by column as libmariadb takes them. Text and bytes are not copied.
class row_array {
public:
    explicit row_array(std::size_t columns) : columns_(columns), binds_(columns) {}

    /// Values row by row, which must stay alive. False when a column has values of several types, or there are more than `most_bytes`.
    /// Throws: data_error, as parameters::set().
    [[nodiscard]] bool set(std::span<const cell> values, std::uint64_t most_bytes);
    [[nodiscard]] unsigned rows() const noexcept { return rows_; }
    [[nodiscard]] MYSQL_BIND* data() noexcept { return binds_.data(); }

private:
    /// One column: of these arrays those that its type needs.
    struct column {
        std::vector<std::int64_t> integers;
        std::vector<double> reals;
        std::vector<void*> places;
        std::vector<unsigned long> lengths;
        std::vector<char> indicators; // which values are NULL
    };
    [[nodiscard]] bool set_column(std::size_t position);

    std::vector<column> columns_;
    std::vector<MYSQL_BIND> binds_;
    parameters each_{0}; // one by one
    unsigned rows_ = 0;
};

} // namespace kin::mariadb
