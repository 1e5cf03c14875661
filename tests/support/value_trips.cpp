// SPDX-License-Identifier: MIT
#include "support/value_trips.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <random>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kin/base/iso_time.hpp"
#include "support/value_samples.hpp"

namespace kin::testing {

namespace {

std::string digits_of(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

std::string hexadecimal(std::string_view bytes) {
    static constexpr const char* digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 0x0F];
    }
    return out;
}

} // namespace

std::uint64_t trip_seed() {
    static const std::uint64_t seed = [] {
        const char* given = std::getenv("KIN_SEED");
        return given && *given ? std::strtoull(given, nullptr, 10)
                               : std::uint64_t{std::random_device{}() & 0x7FFFFFFFU};
    }();
    return seed;
}

std::optional<std::string> text_around_kin(const cell& c) {
    char text[detail::iso_time_size];
    switch (c.kind) {
    case cell_kind::null: return std::nullopt;
    case cell_kind::integer: return std::to_string(c.integer);
    case cell_kind::boolean: return c.integer != 0 ? "true" : "false";
    case cell_kind::real: return digits_of(c.real);
    case cell_kind::date: return std::string(text, detail::format_date(c.integer, text));
    case cell_kind::time: return with_fraction(std::string(text, detail::format_time(c.integer, text)));
    case cell_kind::timestamp:
        return with_fraction(std::string(text, detail::format_timestamp(c.integer, text)));
    case cell_kind::blob: return hexadecimal(c.bytes());
    case cell_kind::uuid: return uuid::from_bytes(c.data).to_string();
    case cell_kind::text:
    case cell_kind::decimal:
    case cell_kind::json:
    case cell_kind::array: break;
    }
    return std::string(c.bytes());
}

std::string with_fraction(std::string time) {
    const std::size_t point = time.find('.');
    if (point == std::string::npos) return time + ".000000";
    time.resize(point + 7, '0');
    return time;
}

std::string bytes_of(std::string_view hexadecimal_digits) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hexadecimal_digits.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hexadecimal_digits.substr(i, 2)), nullptr, 16));
    return out;
}

template <class T> struct probe {
    kin::primary_key<int> id;
    T value{};
};
template <class T> void describe(kin::mapping<probe<T>>& m) { m.table("probe"); }

template <class T> class trip {
public:
    using row = probe<T>;

    explicit trip(trip_database& where) : where_(where), db_(where.db()) {
        db_.create_all<row>();
        std::mt19937_64 source(trip_seed());
        values_ = samples<T>::edges();
        for (int i = 0; i < 40; ++i) values_.push_back(samples<T>::random(source));
    }
    /// The next table has the same name and another type: nothing may be prepared for this one any more.
    ~trip() {
        db_.drop_all<row>();
        db_.engine().close_connections();
    }

    void run() {
        written_by_kin_read_around_it();
        if constexpr (sql_can_compare<T, T>) looked_for();
        if constexpr (sql_can_order<T, T> && !is_nullable<T> && std::totally_ordered<T>)
            put_into_order(); // where NULL stands differs
        written_around_kin_read_by_it();
    }

private:
    static constexpr column_type type = codec<T>::type;

    /// As it goes into SQL: with what the codec writes around it.
    static std::optional<std::string> text_of(const T& v) {
        cell c;
        scratch memory;
        EXPECT_TRUE(codec<T>::encode(v, encoder{c, memory}));
        std::optional<std::string> text = text_around_kin(c);
        if constexpr (std::is_same_v<T, position>) *text = "POINT" + *text;
        return text;
    }
    std::optional<std::string> kept_text_of(const T& v) const {
        std::optional<std::string> text = text_of(v);
        if (text) *text = where_.kept(std::move(*text), type);
        return text;
    }

    /// NaN, where a database holds it, equals itself and is above all numbers there, as in PostgreSQL.
    static bool same(const T& a, const T& b) {
        if constexpr (std::is_floating_point_v<T>)
            if (a != a) return b != b;
        return a == b;
    }
    static bool less(const T& a, const T& b) {
        if constexpr (std::is_floating_point_v<T>)
            if (a != a || b != b) return a == a && b != b;
        return a < b;
    }

    /// Values that the database cannot hold are refused and go; the others get the keys 1, 2, 3 ...
    void written_by_kin_read_around_it() {
        std::vector<T> kept;
        for (const T& v : values_) {
            const std::optional<std::string> text = text_of(v);
            const std::string refusal = text ? where_.refusal(*text, type) : std::string();
            kin::session session = db_.session();
            session.add(row{.id = static_cast<int>(kept.size()) + 1, .value = v});
            try {
                session.commit();
                EXPECT_EQ(refusal, "") << "was stored: " << text.value_or("NULL");
                kept.push_back(v);
                EXPECT_EQ(where_.read(static_cast<int>(kept.size()), type), kept_text_of(v));
            } catch (const kin::error& e) {
                EXPECT_EQ(e.code(), refusal) << e.what();
            }
        }
        values_ = kept;
    }

    void looked_for() {
        kin::session session = db_.session();
        for (const T& v : values_) {
            std::vector<int> expected;
            for (std::size_t i = 0; i < values_.size(); ++i)
                if (same(values_[i], v)) expected.push_back(static_cast<int>(i) + 1);
            std::vector<int> found;
            for (const auto& r :
                 session.query<row>().where(kin::col<&row::value> == v).order_by(kin::col<&row::id>))
                found.push_back(r->id);
            EXPECT_EQ(found, expected) << text_of(v).value_or("NULL");
        }
    }

    void put_into_order() {
        if (!where_.orders(type)) return;
        std::vector<int> expected;
        for (std::size_t i = 0; i < values_.size(); ++i) expected.push_back(static_cast<int>(i) + 1);
        const auto value_of = [&](int id) -> T { return values_[static_cast<std::size_t>(id) - 1]; };
        std::sort(expected.begin(), expected.end(), [&](int a, int b) {
            if (less(value_of(a), value_of(b))) return true;
            return a < b && !less(value_of(b), value_of(a));
        });
        kin::session session = db_.session();
        std::vector<int> found;
        for (const auto& r : session.query<row>().order_by(kin::col<&row::value>, kin::col<&row::id>))
            found.push_back(r->id);
        EXPECT_EQ(found, expected);
        for (const T& v : values_) {
            const auto below =
                std::count_if(values_.begin(), values_.end(), [&](const T& other) { return less(other, v); });
            EXPECT_EQ(session.query<row>().where(kin::col<&row::value> < v).count(), below)
                << text_of(v).value_or("NULL");
        }
    }

    void written_around_kin_read_by_it() {
        {
            kin::session session = db_.session();
            session.execute("DELETE FROM probe");
            session.commit();
        }
        for (std::size_t i = 0; i < values_.size(); ++i)
            where_.write(static_cast<int>(i) + 1, text_of(values_[i]), type);
        kin::session session = db_.session();
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const auto found = session.get_one<row>(static_cast<int>(i) + 1);
            EXPECT_EQ(text_of(found->value), kept_text_of(values_[i]));
            EXPECT_TRUE(same(found->value, values_[i])) << text_of(values_[i]).value_or("NULL");
        }
    }

    trip_database& where_;
    kin::database& db_;
    std::vector<T> values_;
};

/// Runs the property test with each of the types.
template <class... T> void make_trips(trip_database& where) {
    (
        [&] {
            SCOPED_TRACE(::testing::Message()
                         << "type: " << samples<T>::name << "; KIN_SEED=" << trip_seed());
            trip<T>(where).run();
        }(),
        ...);
}

void numbers_make_the_trip(trip_database& where) {
    make_trips<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
               std::uint32_t, std::uint64_t, float, double, std::optional<bool>, std::optional<std::int64_t>,
               std::optional<std::uint32_t>>(where);
}
void decimals_make_the_trip(trip_database& where) {
    make_trips<kin::decimal, price, whole_number, fraction, std::optional<kin::decimal>,
               std::optional<price>>(where);
}
void texts_and_bytes_make_the_trip(trip_database& where) {
    make_trips<std::string, kin::varchar<10>, country, std::vector<std::byte>, mood, weather, kin::uuid,
               position, std::optional<std::string>, std::optional<std::vector<std::byte>>,
               std::optional<mood>, std::optional<weather>, std::optional<kin::uuid>>(where);
}
void dates_and_times_make_the_trip(trip_database& where) {
    using namespace std::chrono;
    make_trips<year_month_day, sys_days, sys_seconds, sys_time<microseconds>, kin::time_of_day,
               kin::offset_time, microseconds, seconds, hours, std::optional<kin::time_of_day>,
               std::optional<sys_seconds>, std::optional<year_month_day>>(where);
}
void json_and_arrays_make_the_trip(trip_database& where) {
    make_trips<kin::json, std::optional<kin::json>, std::vector<std::int64_t>, std::vector<bool>,
               std::vector<std::string>, std::vector<std::optional<kin::decimal>>, std::vector<kin::uuid>,
               std::vector<kin::time_of_day>, std::vector<weather>, std::optional<std::vector<std::int64_t>>>(
        where);
}

} // namespace kin::testing
