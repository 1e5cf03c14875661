// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kin/base/codec.hpp"
#include "kin/base/encoder.hpp"
#include "kin/sql/operators.hpp"

namespace kin {

/// A point in time as the database tells it, for who has not included <chrono>: microseconds since 1970 in UTC. A value.
struct utc_time {
    std::int64_t microseconds = 0;
    [[nodiscard]] friend bool operator==(const utc_time&, const utc_time&) = default;
};

template <> struct codec<utc_time> {
    static constexpr column_type type = {.kind = type_kind::timestamp};
    static bool encode(const utc_time& in, encoder to) noexcept { return to.timestamp(in.microseconds); }
    static bool decode(utc_time& out, const cell& from) noexcept {
        if (from.kind != cell_kind::timestamp) return false;
        out.microseconds = from.integer;
        return true;
    }
};

/// The database's time in UTC, for columns of points in time: with microseconds, on SQLite with milliseconds. PostgreSQL has the time at which
/// the transaction began, MariaDB and SQLite that of the statement. `kin::now<std::chrono::sys_time<std::chrono::microseconds>>()` hands out that
/// type in select(). SQL: now(), utc_timestamp(6), strftime(...)
template <class T = utc_time> [[nodiscard]] sql_expression<T> now() {
    static_assert(detail::is_timestamp<T>, "kin: now() is a point in time; name a std::chrono::sys_time");
    return sql_expression<T>(expression::call("now", {}));
}

} // namespace kin
