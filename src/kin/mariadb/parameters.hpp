// SPDX-License-Identifier: MIT
#pragma once

#include <mysql.h>

#include <cstdint>
#include <span>
#include <vector>

#include "kin/base/cell.hpp"

namespace kin::mariadb {

/// The values of one execution, as libmariadb takes them. Text and bytes are not copied.
class parameters {
public:
    explicit parameters(std::size_t count) : binds_(count), times_(count) {}

    /// Throws: data_error (not_a_number, value_out_of_range; value_too_big for more than `most_bytes` in all).
    void set(std::span<const cell> values, std::uint64_t most_bytes);
    [[nodiscard]] MYSQL_BIND* data() noexcept { return binds_.data(); }

private:
    void set_one(std::size_t position, const cell& c);
    void set_date(std::size_t position, std::int64_t days);
    void set_timestamp(std::size_t position, std::int64_t microseconds);
    void set_time(std::size_t position, std::int64_t microseconds);

    std::vector<MYSQL_BIND> binds_;
    std::vector<MYSQL_TIME> times_;
};

} // namespace kin::mariadb
