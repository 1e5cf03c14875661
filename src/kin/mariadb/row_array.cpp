// SPDX-License-Identifier: MIT
#include "kin/mariadb/row_array.hpp"

namespace kin::mariadb {

bool row_array::set(std::span<const cell> values, std::uint64_t most_bytes) {
    constexpr std::uint64_t value_reserve = 16;
    std::uint64_t bytes = 0;
    for (const cell& c : values) bytes += value_reserve + (c.is_bytes() ? c.size : 0);
    if (bytes > most_bytes / 2) return false;
    rows_ = static_cast<unsigned>(values.size() / columns_.size());
    each_ = parameters(values.size());
    each_.set(values, most_bytes);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!set_column(i)) return false;
    }
    return true;
}

bool row_array::set_column(std::size_t position) {
    column& c = columns_[position];
    MYSQL_BIND& bind = binds_[position] = MYSQL_BIND{};
    bind.buffer_type = MYSQL_TYPE_NULL;
    for (std::size_t row = 0; row < rows_; ++row) {
        const MYSQL_BIND& one = each_.data()[row * columns_.size() + position];
        const bool is_null = one.buffer_type == MYSQL_TYPE_NULL;
        c.indicators.push_back(is_null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE);
        c.integers.push_back(!is_null && one.buffer_type == MYSQL_TYPE_LONGLONG
                                 ? *static_cast<const std::int64_t*>(one.buffer)
                                 : 0);
        c.reals.push_back(
            !is_null && one.buffer_type == MYSQL_TYPE_DOUBLE ? *static_cast<const double*>(one.buffer) : 0);
        c.places.push_back(is_null ? &c : one.buffer); // of NULL nothing is read
        c.lengths.push_back(one.buffer_length);
        if (is_null) continue;
        if (bind.buffer_type == MYSQL_TYPE_NULL) bind.buffer_type = one.buffer_type;
        if (bind.buffer_type != one.buffer_type) return false;
    }
    switch (bind.buffer_type) {
    case MYSQL_TYPE_LONGLONG: bind.buffer = c.integers.data(); break;
    case MYSQL_TYPE_DOUBLE: bind.buffer = c.reals.data(); break;
    case MYSQL_TYPE_NULL: bind.buffer_type = MYSQL_TYPE_STRING; [[fallthrough]];
    default: bind.buffer = c.places.data(); bind.length = c.lengths.data();
    }
    bind.u.indicator = c.indicators.data();
    return true;
}

} // namespace kin::mariadb
