// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kin/kin.hpp"

// The values of the property test of the types: for each type its edges, and a generator.

namespace kin::testing {

using random_source = std::mt19937_64;

inline std::int64_t between(random_source& source, std::int64_t first, std::int64_t last) {
    return std::uniform_int_distribution<std::int64_t>(first, last)(source);
}

template <class T> struct samples;

/// A type of a program's own, with SQL around it in both directions.
struct position {
    int x = 0;
    int y = 0;
    [[nodiscard]] bool operator==(const position&) const = default;
};

template <> struct samples<bool> {
    static constexpr const char* name = "bool";
    static std::vector<bool> edges() { return {false, true}; }
    static bool random(random_source& source) { return source() % 2 == 0; }
};

/// Few digits as often as many.
template <std::integral T> struct samples<T> {
    static constexpr const char* name = "an integer";
    static constexpr T largest = sizeof(T) == 8 ? static_cast<T>(std::numeric_limits<std::int64_t>::max())
                                                : std::numeric_limits<T>::max();
    static std::vector<T> edges() {
        return {std::numeric_limits<T>::min(), static_cast<T>(std::is_signed_v<T> ? -1 : 0), T{0}, T{1},
                largest};
    }
    static T random(random_source& source) {
        const auto bits = static_cast<int>(source() % (sizeof(T) * 8));
        const T number = static_cast<T>(static_cast<T>(source()) >> bits);
        return number > largest ? static_cast<T>(number / 2) : number;
    }
};

template <std::floating_point T> struct samples<T> {
    static constexpr const char* name = sizeof(T) == 4 ? "float" : "double";
    using limits = std::numeric_limits<T>;
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static std::vector<T> edges() {
        return {T(0),
                T(-0.0),
                T(0.1),
                T(-1),
                T(1) / T(3),
                limits::max(),
                limits::lowest(),
                limits::min(),
                limits::denorm_min(),
                limits::epsilon(),
                limits::infinity(),
                -limits::infinity(),
                limits::quiet_NaN(),
                T(9007199254740993.0)};
    }
    static T random(random_source& source) {
        const T number = std::bit_cast<T>(static_cast<bits>(source()));
        return number == number ? number : T(1);
    }
};

template <> struct samples<std::string> {
    static constexpr const char* name = "text";
    static std::vector<std::string> edges() {
        return {"",
                " ",
                "  a ",
                "O'Reilly",
                "\"",
                "\\",
                "%_",
                "NULL",
                "1.50",
                std::string("a\0b", 3),
                std::string(1, '\0'),
                "\n\t\x7f",
                "\xC3\xA9",
                "\xF0\x9F\x98\x80",
                "\xEF\xBF\xBF",
                std::string(10'000, 'x')};
    }
    static std::string random(random_source& source) {
        static constexpr const char* characters[] = {
            "a", "Z", "0", " ", "'", "\"", "\\", "{", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
        std::string text;
        for (std::int64_t n = between(source, 0, 30); n > 0; --n)
            text += characters[source() % std::size(characters)];
        return text;
    }
};

template <std::size_t Length> struct samples<kin::varchar<Length>> {
    static constexpr const char* name = "varchar";
    static std::vector<kin::varchar<Length>> edges() {
        return {"", std::string(Length, 'x'), "\xF0\x9F\x98\x80"};
    }
    static kin::varchar<Length> random(random_source& source) {
        return std::string(static_cast<std::size_t>(between(source, 0, Length)),
                           static_cast<char>('a' + source() % 26));
    }
};

using country = kin::field<std::string, kin::fixed_length{2}>;
template <> struct samples<country> {
    static constexpr const char* name = "text of a fixed length";
    static std::vector<country> edges() { return {"DE", "de", "  ", "\xC3\xA9\xC3\xA9"}; }
    static country random(random_source& source) {
        const auto letter = [&] { return static_cast<char>('A' + source() % 26); };
        return std::string{letter(), letter()};
    }
};

template <> struct samples<std::vector<std::byte>> {
    static constexpr const char* name = "bytes";
    static std::vector<std::vector<std::byte>> edges() {
        std::vector<std::byte> all;
        for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
        return {{}, {std::byte{0}}, {std::byte{0}, std::byte{0}}, all};
    }
    static std::vector<std::byte> random(random_source& source) {
        std::vector<std::byte> bytes(source() % 40);
        for (std::byte& b : bytes) b = static_cast<std::byte>(source());
        return bytes;
    }
};

enum class mood : std::uint8_t { calm, glad, angry = 100 };
template <> struct samples<mood> {
    static constexpr const char* name = "an enumeration";
    static std::vector<mood> edges() { return {mood::calm, mood::glad, mood::angry}; }
    static mood random(random_source& source) { return edges()[source() % 3]; }
};

/// Stored as an enumerated type of the database.
enum class weather : std::uint8_t { sunny, cloudy, stormy };

} // namespace kin::testing

template <>
inline constexpr kin::enum_storage kin::enum_stored_as<kin::testing::weather> = kin::enum_storage::native;
template <> struct kin::enum_names<kin::testing::weather> {
    using weather = kin::testing::weather;
    static constexpr kin::enum_entry<weather> entries[] = {{weather::sunny, "it's sunny"},
                                                           {weather::cloudy, "\xC3\xA4 \\, \"{NULL}"},
                                                           {weather::stormy, "STORM"}};
};

namespace kin::testing {

template <> struct samples<weather> {
    static constexpr const char* name = "a native enumeration";
    static std::vector<weather> edges() { return {weather::sunny, weather::cloudy, weather::stormy}; }
    static weather random(random_source& source) { return edges()[source() % 3]; }
};

/// Up to 19 digits on either side of the point.
template <> struct samples<kin::decimal> {
    static constexpr const char* name = "decimal";
    static std::vector<kin::decimal> edges() {
        return {0,
                1,
                -1,
                kin::decimal("0.1"),
                kin::decimal("-0.01"),
                kin::decimal("9.99"),
                kin::decimal("10"),
                kin::decimal("1.50"),
                kin::decimal(std::string(38, '9')),
                kin::decimal("-" + std::string(38, '9')),
                kin::decimal("12345678901234567890.123456789012345678"),
                kin::decimal("0." + std::string(29, '0') + "1"),
                kin::decimal("9007199254740993"),
                kin::decimal("0.1000000000000000055511151231257827")};
    }
    static kin::decimal random(random_source& source) {
        const auto number = static_cast<std::int64_t>(source()) >> source() % 64;
        return kin::decimal::from_units(number, static_cast<int>(source() % 20));
    }
};

using price = kin::field<kin::decimal, kin::precision{12, 2}>;
template <> struct samples<price> {
    static constexpr const char* name = "decimal with precision";
    static std::vector<price> edges() {
        return {kin::decimal(0), kin::decimal("0.01"), kin::decimal("19.90"), kin::decimal("-9999999999.99"),
                kin::decimal("9999999999.99")};
    }
    static price random(random_source& source) {
        return kin::decimal::from_units(between(source, -999'999, 999'999), 2);
    }
};

using whole_number = kin::field<kin::decimal, kin::precision{38, 0}>;
template <> struct samples<whole_number> {
    static constexpr const char* name = "decimal without a fraction";
    static std::vector<whole_number> edges() {
        return {kin::decimal(0), kin::decimal(std::string(38, '9')), kin::decimal("-" + std::string(38, '9')),
                kin::decimal("10000"), kin::decimal("-18446744073709551616")};
    }
    static whole_number random(random_source& source) {
        return kin::decimal(static_cast<std::int64_t>(source())) * kin::decimal(source() % 1'000'000);
    }
};

using fraction = kin::field<kin::decimal, kin::precision{38, 38}>;
template <> struct samples<fraction> {
    static constexpr const char* name = "decimal that is a fraction";
    static std::vector<fraction> edges() {
        const std::string zeros(37, '0');
        return {kin::decimal(0), kin::decimal("0." + std::string(38, '9')), kin::decimal("-0." + zeros + "1"),
                kin::decimal("0.00010000000000000001"), kin::decimal("0.5")};
    }
    static fraction random(random_source& source) {
        return kin::decimal::from_units(static_cast<std::int64_t>(source() >> 1),
                                        19 + static_cast<int>(source() % 20));
    }
};

template <> struct samples<kin::uuid> {
    static constexpr const char* name = "uuid";
    static std::vector<kin::uuid> edges() {
        return {kin::uuid(),
                kin::uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
                kin::uuid("00000000-0000-0000-0000-000000000001"),
                kin::uuid("80000000-0000-0000-0000-000000000000"),
                kin::uuid::v4(),
                kin::uuid::v7()};
    }
    static kin::uuid random(random_source& source) {
        const std::uint64_t halves[2] = {source(), source()};
        return kin::uuid::from_bytes(halves);
    }
};

/// From year 1 to 9999, which every database takes.
inline constexpr std::int64_t first_second = -62'135'596'800;
inline constexpr std::int64_t last_second = 253'402'300'799;

template <class Clock, class Duration> struct samples<std::chrono::time_point<Clock, Duration>> {
    using time = std::chrono::time_point<Clock, Duration>;
    static constexpr bool is_date = std::same_as<Duration, std::chrono::days>;
    static constexpr const char* name = is_date ? "sys_days" : "a point in time";
    static time at(std::int64_t second) {
        return std::chrono::floor<Duration>(std::chrono::sys_seconds(std::chrono::seconds(second)));
    }
    static std::vector<time> edges() {
        std::vector<time> all = {at(0),           at(-1),          at(1),          at(first_second),
                                 at(last_second), at(951'782'400), at(951'868'799)};
        if constexpr (Duration::period::den >= 1'000'000) {
            all.push_back(at(0) + Duration(1));
            all.push_back(at(0) - Duration(1));
            all.push_back(at(last_second) + Duration(999'999));
            all.push_back(at(0) + Duration(500'000));
        }
        return all;
    }
    static time random(random_source& source) {
        const time whole = at(between(source, first_second, last_second));
        if constexpr (Duration::period::den >= 1'000'000)
            return source() % 3 == 0 ? whole : whole + Duration(between(source, 0, 999'999));
        else
            return whole;
    }
};

template <> struct samples<std::chrono::year_month_day> {
    using date = std::chrono::year_month_day;
    static constexpr const char* name = "year_month_day";
    static std::vector<date> edges() {
        using namespace std::chrono_literals;
        return {1970y / 1 / 1, 1969y / 12 / 31, 2000y / 2 / 29, 1900y / 2 / 28, 1y / 1 / 1, 9999y / 12 / 31};
    }
    static date random(random_source& source) { return samples<std::chrono::sys_days>::random(source); }
};

template <> struct samples<kin::time_of_day> {
    static constexpr const char* name = "time_of_day";
    static std::vector<kin::time_of_day> edges() {
        return {kin::time_of_day(), {23, 59, 59, 999'999}, {0, 0, 0, 1}, {12, 0}, {12, 0, 0, 500'000},
                {12, 0, 1}};
    }
    static kin::time_of_day random(random_source& source) {
        return kin::time_of_day::from_microseconds(between(source, 0, 86'399'999'999));
    }
};

template <> struct samples<kin::offset_time> {
    static constexpr const char* name = "offset_time";
    static std::vector<kin::offset_time> edges() {
        std::vector<kin::offset_time> all;
        for (const int offset : {0, 1, 60, 345, 840, -1, -300, -720, 1439, -1439})
            all.push_back(kin::offset_time::from_microseconds(0, offset));
        all.push_back(kin::offset_time::from_microseconds(1, 0));
        all.push_back(kin::offset_time::from_microseconds(-1, 0));
        all.push_back(kin::offset_time::from_microseconds(1'000'000, 0));
        return all;
    }
    static kin::offset_time random(random_source& source) {
        return kin::offset_time::from_microseconds(
            between(source, first_second * 1'000'000, last_second * 1'000'000),
            static_cast<int>(between(source, -1439, 1439)));
    }
};

template <class Rep, class Period> struct samples<std::chrono::duration<Rep, Period>> {
    using duration = std::chrono::duration<Rep, Period>;
    static constexpr const char* name = "a duration";
    static constexpr std::int64_t most =
        std::numeric_limits<std::int64_t>::max() / detail::ticks<duration>::multiplier;
    static duration of(std::int64_t count) { return duration(static_cast<Rep>(count)); }
    static std::vector<duration> edges() { return {of(0), of(1), of(-1), of(most), of(-most)}; }
    static duration random(random_source& source) {
        return of(between(source, -most, most) >> source() % 50);
    }
};

template <> struct samples<kin::json> {
    static constexpr const char* name = "json";
    static std::vector<kin::json> edges() {
        std::vector<kin::json> all;
        for (const char* text :
             {"null", "true", "0", "-1.50", "1e2", "\"\"", "\"a\\\"b\\\\c\\n\"", "[]", "{}", "[[],{}]",
              "{\"b\":1,\"a\":[null,{\"x\":\"\xC3\xA9\"}]}", "12345678901234567890.5", "\"null\""})
            all.emplace_back(text);
        return all;
    }
    static kin::json random(random_source& source) { return kin::json(document(source, 0)); }
    static std::string document(random_source& source, int depth) {
        switch (source() % (depth > 3 ? 4 : 6)) {
        case 0: return "null";
        case 1: return source() % 2 == 0 ? "true" : "false";
        case 2: return std::to_string(static_cast<std::int64_t>(source()) >> source() % 64);
        case 3: return "\"" + std::to_string(source()) + "\\u00e9\\n\"";
        case 4: return "[" + document(source, depth + 1) + "," + document(source, depth + 1) + "]";
        default: return "{\"k" + std::to_string(source() % 100) + "\":" + document(source, depth + 1) + "}";
        }
    }
};

template <> struct samples<position> {
    static constexpr const char* name = "a type with SQL of its own";
    static std::vector<position> edges() { return {{0, 0}, {-1, 1}, {2147483647, -2147483647}}; }
    static position random(random_source& source) {
        return {static_cast<int>(between(source, -1000, 1000)), static_cast<int>(source() % 1000)};
    }
};

template <class T> struct samples<std::vector<T>> {
    static constexpr const char* name = "an array";
    static std::vector<std::vector<T>> edges() {
        std::vector<std::vector<T>> all(2);
        for (const T& v : samples<T>::edges()) {
            all[1].push_back(v);
            all.push_back({v});
        }
        return all;
    }
    static std::vector<T> random(random_source& source) {
        std::vector<T> values;
        for (std::int64_t n = between(source, 0, 5); n > 0; --n) values.push_back(samples<T>::random(source));
        return values;
    }
};

template <class T> struct samples<std::optional<T>> {
    static constexpr const char* name = "an optional";
    static std::vector<std::optional<T>> edges() {
        std::vector<std::optional<T>> all = {std::nullopt};
        for (const T& v : samples<T>::edges()) all.push_back(v);
        return all;
    }
    static std::optional<T> random(random_source& source) {
        if (source() % 4 == 0) return std::nullopt;
        return samples<T>::random(source);
    }
};

} // namespace kin::testing

/// "x,y" for the program, "POINTx,y" for the database: every read and every write goes through the SQL.
template <> struct kin::codec<kin::testing::position> {
    static constexpr kin::column_type type = {
        .kind = kin::type_kind::text, .sql_read = "replace(?, 'POINT', '')", .sql_write = "('POINT' || ?)"};
    static bool encode(const kin::testing::position& in, kin::encoder to) {
        return to.copied_text(std::to_string(in.x) + "," + std::to_string(in.y));
    }
    static bool decode(kin::testing::position& out, const kin::cell& from) {
        const std::string text(from.bytes());
        const std::size_t comma = text.find(',');
        if (from.kind != kin::cell_kind::text || comma == std::string::npos || text.front() == 'P')
            return false;
        out = {std::stoi(text), std::stoi(text.substr(comma + 1))};
        return true;
    }
};
