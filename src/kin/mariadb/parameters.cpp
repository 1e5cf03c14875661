// SPDX-License-Identifier: MIT
#include "kin/mariadb/parameters.hpp"

#include <chrono>
#include <cmath>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"

namespace kin::mariadb {

namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second_us;
constexpr std::int64_t first_day =
    std::chrono::sys_days(std::chrono::year(0) / 1 / 1).time_since_epoch().count();
constexpr std::int64_t last_day =
    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31).time_since_epoch().count();
constexpr std::uint64_t packet_reserve =
    1024; // what a command has beside text and bytes, for each value a little more
constexpr std::uint64_t value_reserve = 16;

[[noreturn]] void refuse_value(std::string_view code, std::size_t position, std::string_view fault) {
    throw data_error({.code = std::string(code),
                      .message = "parameter " + std::to_string(position + 1) + " " + std::string(fault),
                      .sql = {}});
}

void put_date(MYSQL_TIME& t, std::int64_t days) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
    t.year = static_cast<unsigned>(int{date.year()});
    t.month = unsigned{date.month()};
    t.day = unsigned{date.day()};
}

void put_time(MYSQL_TIME& t, std::int64_t microseconds) {
    t.hour = static_cast<unsigned>(microseconds / (3600 * second_us));
    t.minute = static_cast<unsigned>(microseconds / (60 * second_us) % 60);
    t.second = static_cast<unsigned>(microseconds / second_us % 60);
    t.second_part = static_cast<unsigned long>(microseconds % second_us);
}

void require_calendar(std::size_t position, std::int64_t days) {
    if (days >= first_day && days <= last_day) return;
    refuse_value("value_out_of_range", position,
                 "is a date outside the years 0 to 9999, which MariaDB cannot hold; store another");
}

} // namespace

void parameters::set(std::span<const cell> values, std::uint64_t most_bytes) {
    std::uint64_t bytes = packet_reserve + values.size() * value_reserve;
    for (std::size_t i = 0; i < values.size(); ++i) {
        set_one(i, values[i]);
        if (values[i].is_bytes()) bytes += values[i].size;
    }
    if (bytes <= most_bytes) return;
    throw data_error(
        {.code = "value_too_big",
         .message = "the values of the statement have " + std::to_string(bytes) +
                    " bytes, and the server takes " + std::to_string(most_bytes) +
                    " at once; write less in one statement, or raise the server's max_allowed_packet",
         .sql = {}});
}

void parameters::set_one(std::size_t position, const cell& c) {
    MYSQL_BIND& b = binds_[position];
    b = MYSQL_BIND{};
    switch (c.kind) {
    case cell_kind::null: b.buffer_type = MYSQL_TYPE_NULL; return;
    case cell_kind::integer:
    case cell_kind::boolean:
        b.buffer_type = MYSQL_TYPE_LONGLONG;
        b.buffer = const_cast<std::int64_t*>(&c.integer); // libmariadb only reads it
        return;
    case cell_kind::real:
        if (!std::isfinite(c.real)) {
            refuse_value(
                "not_a_number", position,
                "is infinite or not a number (NaN), which MariaDB cannot hold; store a number, or NULL");
        }
        b.buffer_type = MYSQL_TYPE_DOUBLE;
        b.buffer = const_cast<double*>(&c.real);
        return;
    case cell_kind::date: return set_date(position, c.integer);
    case cell_kind::timestamp: return set_timestamp(position, c.integer);
    case cell_kind::time: return set_time(position, c.integer);
    case cell_kind::text:
    case cell_kind::json:
    case cell_kind::array:
        b.buffer_type = MYSQL_TYPE_VAR_STRING; // a CHAR would lose its last spaces in a derived table
        break;
    case cell_kind::decimal:
        b.buffer_type = MYSQL_TYPE_NEWDECIMAL; // beside a text MariaDB calculates and compares with doubles
        break;
    case cell_kind::blob:
    case cell_kind::uuid: b.buffer_type = MYSQL_TYPE_LONG_BLOB; break;
    }
    // Empty text has no address, and libmariadb wants one.
    b.buffer = const_cast<char*>(c.size != 0 ? c.data : "");
    b.buffer_length = c.size;
}

void parameters::set_date(std::size_t position, std::int64_t days) {
    require_calendar(position, days);
    MYSQL_TIME& t = times_[position] = MYSQL_TIME{};
    put_date(t, days);
    t.time_type = MYSQL_TIMESTAMP_DATE;
    binds_[position].buffer_type = MYSQL_TYPE_DATE;
    binds_[position].buffer = &t;
}

void parameters::set_timestamp(std::size_t position, std::int64_t microseconds) {
    std::int64_t days = microseconds / day_us;
    std::int64_t time = microseconds % day_us;
    if (time < 0) {
        time += day_us;
        --days;
    }
    require_calendar(position, days);
    MYSQL_TIME& t = times_[position] = MYSQL_TIME{};
    put_date(t, days);
    put_time(t, time);
    t.time_type = MYSQL_TIMESTAMP_DATETIME;
    binds_[position].buffer_type = MYSQL_TYPE_DATETIME;
    binds_[position].buffer = &t;
}

void parameters::set_time(std::size_t position, std::int64_t microseconds) {
    MYSQL_TIME& t = times_[position] = MYSQL_TIME{};
    put_time(t, microseconds);
    t.time_type = MYSQL_TIMESTAMP_TIME;
    binds_[position].buffer_type = MYSQL_TYPE_TIME;
    binds_[position].buffer = &t;
}

} // namespace kin::mariadb
