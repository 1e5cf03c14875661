// SPDX-License-Identifier: MIT
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

#include "suite_check.hpp"

namespace kin::testing::suite_enumerations {

enum class colour : std::uint8_t { red, green, blue };
enum class fabric : std::uint8_t { wool, linen, cotton }; // native

} // namespace kin::testing::suite_enumerations

namespace kin {

template <>
inline constexpr enum_storage enum_stored_as<testing::suite_enumerations::fabric> = enum_storage::native;
template <>
inline constexpr std::string_view enum_type_name<testing::suite_enumerations::fabric> = "suite_fabric";

} // namespace kin

namespace kin::testing {

namespace {

using suite_enumerations::colour;
using suite_enumerations::fabric;

template <class T> struct Stored {
    primary_key<int> id;
    T value{};
    std::optional<T> maybe;
};
template <class T> void describe(mapping<Stored<T>>& m) { m.table("suite_stored"); }

/// A function of its own: inlined, g++ 12 sees uninitialized vectors in the empty optional.
template <class T>
[[gnu::noinline]] void add_row(session& s, int id, const T& value, const std::optional<T>& maybe) {
    s.add(Stored<T>{.id = id, .value = value, .maybe = maybe});
}

/// Writes the values, each beside itself and beside NULL, and reads them in a session that knows nothing; looks each one up by a condition.
template <class T> void there_and_back(suite_run& run, const std::vector<T>& values) {
    run.create<Stored<T>>();
    {
        session s = run.open();
        int id = 0;
        for (const T& v : values) {
            add_row<T>(s, ++id, v, v);
            add_row<T>(s, ++id, v, std::nullopt);
        }
        s.commit();
    }
    session s = run.open();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int id = 2 * static_cast<int>(i) + 1;
        const auto full = s.get_one<Stored<T>>(id);
        const auto empty = s.get_one<Stored<T>>(id + 1);
        const std::string which = "value " + std::to_string(i + 1);
        run.require(full->value == values[i] && full->maybe && *full->maybe == values[i],
                    which + " came back as another one: " + shown(full->value));
        run.require(!empty->maybe, which + ": NULL came back as a value");
        if constexpr (sql_can_compare<T, T>) {
            const auto found = s.query<Stored<T>>()
                                   .where(col<&Stored<T>::value> == values[i] && col<&Stored<T>::id> == id)
                                   .count();
            run.equal(found, std::int64_t{1}, which + " is not found by a condition");
        }
    }
    run.equal(s.query<Stored<T>>().where(col<&Stored<T>::maybe>.is_null()).count(),
              static_cast<std::int64_t>(values.size()), "rows with NULL");
}

template <class T> void integers_of(suite_run& run) {
    // Unsigned ones of 64 bits: as far as a signed column goes.
    constexpr T largest = sizeof(T) == 8 ? static_cast<T>(std::numeric_limits<std::int64_t>::max())
                                         : std::numeric_limits<T>::max();
    there_and_back<T>(run, {std::numeric_limits<T>::min(), T{0}, T{1}, largest});
}

void booleans(suite_run& run) { there_and_back<bool>(run, {true, false}); }
void integers_of_8_bits(suite_run& run) {
    integers_of<std::int8_t>(run);
    integers_of<std::uint8_t>(run);
}
void integers_of_16_bits(suite_run& run) {
    integers_of<std::int16_t>(run);
    integers_of<std::uint16_t>(run);
}
void integers_of_32_bits(suite_run& run) {
    integers_of<std::int32_t>(run);
    integers_of<std::uint32_t>(run);
}
void integers_of_64_bits(suite_run& run) {
    integers_of<std::int64_t>(run);
    integers_of<std::uint64_t>(run);
}

template <class T> void reals_of(suite_run& run) {
    using limits = std::numeric_limits<T>;
    there_and_back<T>(run, {T(0), T(-1.5), T(0.1), T(1) / T(3), limits::max(), limits::lowest(),
                            limits::min(), limits::denorm_min()});
}
void floats(suite_run& run) { reals_of<float>(run); }
void doubles(suite_run& run) { reals_of<double>(run); }

void fails_as_out_of_range(suite_run& run, double v) {
    session s = run.open();
    s.add(Stored<double>{.value = v});
    const auto e = run.error_of<data_error>([&] { s.commit(); }, "a value that is no number");
    throw suite_not_supported{"refused with " + std::string(e.code())};
}
void infinities(suite_run& run) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    try {
        there_and_back<double>(run, {infinite, -infinite});
    } catch (const data_error&) {
        fails_as_out_of_range(run, infinite);
    }
}
void not_a_number(suite_run& run) {
    run.create<Stored<double>>();
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    session s = run.open();
    s.add(Stored<double>{.id = 1, .value = nan});
    try {
        s.commit();
    } catch (const data_error&) {
        s.rollback();
        fails_as_out_of_range(run, nan);
    }
    run.require(std::isnan(run.open().get_one<Stored<double>>(1)->value), "NaN came back as a number");
}

void decimals_with_a_precision(suite_run& run) {
    using price = field<decimal, precision{38, 10}>;
    there_and_back<price>(run, {decimal("0"), decimal("19.9"), decimal("-0.0000000001"),
                                decimal("9999999999999999999999999999.9999999999")});
}
void decimals_without_one(suite_run& run) {
    there_and_back<decimal>(run, {decimal("0"), decimal("9007199254740993"), decimal("-0.1"),
                                  decimal("0." + std::string(37, '0') + "1"),
                                  decimal("123456789012345678901234567.12345678901")});
}
void texts_of_any_length(suite_run& run) {
    there_and_back<std::string>(run, {"", " ", "a ", "O'Reilly \"quoted\" \\ %_", "\xC3\xA9\xF0\x9F\x98\x80",
                                      std::string(100'000, 'x')});
}
void texts_with_nul(suite_run& run) {
    try {
        there_and_back<std::string>(run, {std::string("a\0b", 3), std::string(1, '\0')});
    } catch (const data_error& e) {
        throw suite_not_supported{"refused with " + std::string(e.code())};
    }
}
void texts_of_a_limited_length(suite_run& run) {
    there_and_back<varchar<5>>(run, {"", "abcde", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", "a  "});
}
void texts_of_a_fixed_length(suite_run& run) {
    there_and_back<field<std::string, fixed_length{2}>>(run, {"DE", "\xC3\xA9x", "  "});
}
void bytes(suite_run& run) {
    std::vector<std::byte> all;
    for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
    there_and_back<std::vector<std::byte>>(run, {{}, {std::byte{0}}, all});
}

void enumerations(suite_run& run) { there_and_back<colour>(run, {colour::red, colour::green, colour::blue}); }

/// Also where a list is one parameter, and where one UPDATE gives rows values of their own.
void native_enumerations(suite_run& run) {
    run.need(feature::native_enums);
    using row = Stored<fabric>;
    there_and_back<fabric>(run, {fabric::wool, fabric::linen, fabric::cotton});
    session s = run.open();
    const std::vector<fabric> list(20, fabric::linen);
    run.equal(s.query<row>().where(col<&row::value>.in(list)).count(), std::int64_t{2},
              "rows with a value of the list");
    run.equal(s.query<row>().where(col<&row::value>.not_in(list)).count(), std::int64_t{4},
              "rows with none of it");
    for (auto& r : s.query<row>().all()) {
        r->maybe = r->value;
        r->value = r->value == fabric::wool ? fabric::cotton : fabric::wool;
    }
    s.commit();
    run.equal(
        s.query<row>().where(col<&row::value> == fabric::cotton && col<&row::maybe> == fabric::wool).count(),
        std::int64_t{2}, "rows that were updated together");
    const auto first = run.open().query<row>().order_by(col<&row::value>, col<&row::id>).first();
    run.require(first && first->value == fabric::wool, "the order is not that of the declaration");
}
void arrays_of_native_enumerations(suite_run& run) {
    run.need(feature::native_enums);
    there_and_back<std::vector<fabric>>(
        run, {{}, {fabric::wool}, {fabric::cotton, fabric::linen, fabric::cotton}});
    there_and_back<std::vector<std::optional<fabric>>>(run, {{}, {std::nullopt, fabric::linen}});
}

void uuids(suite_run& run) { there_and_back<uuid>(run, {uuid(), uuid::v4(), uuid::v7()}); }

void dates(suite_run& run) {
    using namespace std::chrono_literals;
    there_and_back<std::chrono::year_month_day>(run,
                                                {1970y / 1 / 1, 2000y / 2 / 29, 1y / 1 / 1, 9999y / 12 / 31});
}
void times_of_the_day(suite_run& run) {
    there_and_back<time_of_day>(run, {time_of_day(), {23, 59, 59, 999'999}, {0, 0, 0, 1}});
}
void points_in_time(suite_run& run) {
    using namespace std::chrono_literals;
    using time = std::chrono::sys_time<std::chrono::microseconds>;
    const time noon = std::chrono::sys_days(2026y / 11 / 29) + 12h;
    there_and_back<time>(run,
                         {time(), noon + 1us, time() - 1us, std::chrono::sys_days(9999y / 12 / 31) + 23h});
}
void points_in_time_with_an_offset(suite_run& run) {
    there_and_back<offset_time>(run, {offset_time(), offset_time::from_microseconds(1, 120),
                                      offset_time::from_microseconds(-1, -1439)});
}
void durations(suite_run& run) {
    using std::chrono::seconds;
    there_and_back<seconds>(run, {seconds(0), seconds(-1), seconds(86'400'000)});
}
void json_documents(suite_run& run) {
    there_and_back<json>(run, {json("null"), json("[]"), json(R"({"a":[1,2.5,null,true],"b":"\u00e9\n"})")});
}
void arrays(suite_run& run) {
    there_and_back<std::vector<std::int64_t>>(run,
                                              {{}, {1}, {3, 2, std::numeric_limits<std::int64_t>::min()}});
    there_and_back<std::vector<std::optional<std::string>>>(run, {{}, {"a", std::nullopt, "\"b\\,{}"}});
}

constexpr suite_check checks[] = {
    {"booleans", booleans},
    {"integers_of_8_bits", integers_of_8_bits},
    {"integers_of_16_bits", integers_of_16_bits},
    {"integers_of_32_bits", integers_of_32_bits},
    {"integers_of_64_bits", integers_of_64_bits},
    {"floats", floats},
    {"doubles", doubles},
    {"infinities", infinities},
    {"not_a_number", not_a_number},
    {"decimals_with_a_precision", decimals_with_a_precision},
    {"decimals_without_one", decimals_without_one},
    {"texts_of_any_length", texts_of_any_length},
    {"texts_with_nul", texts_with_nul},
    {"texts_of_a_limited_length", texts_of_a_limited_length},
    {"texts_of_a_fixed_length", texts_of_a_fixed_length},
    {"bytes", bytes},
    {"enumerations", enumerations},
    {"native_enumerations", native_enumerations},
    {"arrays_of_native_enumerations", arrays_of_native_enumerations},
    {"uuids", uuids},
    {"dates", dates},
    {"times_of_the_day", times_of_the_day},
    {"points_in_time", points_in_time},
    {"points_in_time_with_an_offset", points_in_time_with_an_offset},
    {"durations", durations},
    {"json_documents", json_documents},
    {"arrays", arrays},
};

} // namespace

suite_group types_group() noexcept { return {"types", checks}; }

} // namespace kin::testing
