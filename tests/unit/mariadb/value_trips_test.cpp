// SPDX-License-Identifier: MIT
// Every type to MariaDB and back, beside kin's way through libmariadb alone: once as text in statements and results, once as prepared
// statements carry it.
#include "support/value_trips.hpp"

#include <bit>
#include <cstring>

#include <gtest/gtest.h>

#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/raw_session.hpp"

namespace {

using kin::type_kind;

enum class protocol : std::uint8_t { text, binary };

template <class T> std::string bytes_of_object(const T& object) {
    std::string bytes(sizeof object, '\0');
    std::memcpy(bytes.data(), &object, sizeof object);
    return bytes;
}
template <class T> T object_of_bytes(const std::string& bytes) {
    T object{};
    std::memcpy(&object, bytes.data(), std::min(sizeof object, bytes.size()));
    return object;
}

std::string padded(unsigned long number, std::size_t digits) {
    std::string text = std::to_string(number);
    text.insert(0, digits - std::min(digits, text.size()), '0');
    return text;
}

std::string text_of_time(const MYSQL_TIME& t, type_kind kind) {
    std::string date = padded(t.year, 4);
    date.append("-").append(padded(t.month, 2)).append("-").append(padded(t.day, 2));
    std::string clock = padded(t.hour, 2);
    clock.append(":").append(padded(t.minute, 2)).append(":").append(padded(t.second, 2));
    clock.append(".").append(padded(t.second_part, 6));
    if (kind == type_kind::date) return date;
    return kind == type_kind::time ? clock : date.append(" ").append(clock);
}

MYSQL_TIME time_of_text(std::string text, type_kind kind) {
    MYSQL_TIME t{};
    const auto take = [&](std::size_t digits) {
        const auto number = static_cast<unsigned>(std::stoul(text.substr(0, digits)));
        text.erase(0, digits + 1);
        return number;
    };
    t.time_type = kind == type_kind::date   ? MYSQL_TIMESTAMP_DATE
                  : kind == type_kind::time ? MYSQL_TIMESTAMP_TIME
                                            : MYSQL_TIMESTAMP_DATETIME;
    if (kind != type_kind::time) {
        t.year = take(4);
        t.month = take(2);
        t.day = take(2);
    }
    if (kind == type_kind::date) return t;
    t.hour = take(2);
    t.minute = take(2);
    t.second = take(2);
    t.second_part = take(6);
    return t;
}

class mariadb_trips final : public kin::testing::trip_database {
public:
    explicit mariadb_trips(protocol around) : around_(around) {}

    kin::database& db() override { return db_; }

    std::optional<std::string> read(int id, const kin::column_type& type) override {
        const std::string from = " FROM probe WHERE id = " + std::to_string(id);
        if (around_ == protocol::binary) {
            const auto bytes = raw_.ask_binary("SELECT value" + from, wire_type(type));
            return bytes ? std::optional(text_of_bytes(*bytes, type)) : std::nullopt;
        }
        // As text, the server rounds a FLOAT to six digits.
        const bool is_float = type.kind == type_kind::real && type.bits == 32;
        const auto text = raw_.ask_text((is_float ? "SELECT CAST(value AS DOUBLE)" : "SELECT value") + from);
        return text ? std::optional(neutral(*text, type)) : std::nullopt;
    }

    void write(int id, const std::optional<std::string>& value, const kin::column_type& type) override {
        const std::string start = "INSERT INTO probe (id, value) VALUES (" + std::to_string(id) + ", ";
        if (around_ == protocol::text)
            return raw_.run(start + (value ? literal(*value, type) : "NULL") + ")");
        raw_.run_binary(start + "?)", value ? std::optional(bytes_of_text(*value, type)) : std::nullopt,
                        wire_type(type));
    }

    std::string refusal(const std::string& value, const kin::column_type& type) const override {
        if (type.kind == type_kind::real && (value == "nan" || value.ends_with("inf"))) return "not_a_number";
        if (type.kind != type_kind::decimal || type.precision != 0) return "";
        // DECIMAL(65, 38): 27 digits before the point.
        const std::size_t whole = std::min(value.find('.'), value.size()) - (value.starts_with('-') ? 1 : 0);
        return whole > 27 ? "value_out_of_range" : "";
    }

    std::string kept(std::string value, const kin::column_type& type) const override {
        return type.kind == type_kind::real && value == "-0" ? "0" : value;
    }

    bool orders(const kin::column_type& type) const override { return type.kind != type_kind::enumeration; }

private:
    static std::string neutral(const std::string& text, const kin::column_type& type) {
        const auto of = [](const kin::cell& c) { return kin::testing::text_around_kin(c).value(); };
        switch (type.kind) {
        case type_kind::boolean: return text == "1" ? "true" : text == "0" ? "false" : text;
        case type_kind::real: return of(kin::cell::of_real(std::strtod(text.c_str(), nullptr)));
        case type_kind::decimal: return kin::decimal(text).trimmed().to_string();
        case type_kind::blob: return of(kin::cell::of_bytes(text));
        case type_kind::uuid: return of(kin::cell::of_bytes(text, kin::cell_kind::uuid));
        default: return text;
        }
    }
    std::string literal(const std::string& value, const kin::column_type& type) {
        switch (type.kind) {
        case type_kind::boolean:
        case type_kind::integer:
        case type_kind::duration:
        case type_kind::real:
        case type_kind::decimal: return value;
        case type_kind::blob: return "X'" + value + "'";
        case type_kind::uuid: {
            std::string digits = value;
            std::erase(digits, '-');
            return "X'" + digits + "'";
        }
        default: return raw_.literal(value);
        }
    }

    static enum_field_types wire_type(const kin::column_type& type) {
        switch (type.kind) {
        case type_kind::boolean:
        case type_kind::integer:
        case type_kind::duration: return MYSQL_TYPE_LONGLONG;
        case type_kind::real: return type.bits == 32 ? MYSQL_TYPE_FLOAT : MYSQL_TYPE_DOUBLE;
        case type_kind::date: return MYSQL_TYPE_DATE;
        case type_kind::time: return MYSQL_TYPE_TIME;
        case type_kind::timestamp: return MYSQL_TYPE_DATETIME;
        case type_kind::blob:
        case type_kind::uuid: return MYSQL_TYPE_BLOB;
        default: return MYSQL_TYPE_STRING;
        }
    }
    static std::string text_of_bytes(const std::string& bytes, const kin::column_type& type) {
        switch (wire_type(type)) {
        case MYSQL_TYPE_LONGLONG: return neutral(std::to_string(object_of_bytes<std::int64_t>(bytes)), type);
        case MYSQL_TYPE_FLOAT:
            return kin::testing::text_around_kin(kin::cell::of_real(double{object_of_bytes<float>(bytes)}))
                .value();
        case MYSQL_TYPE_DOUBLE:
            return kin::testing::text_around_kin(kin::cell::of_real(object_of_bytes<double>(bytes))).value();
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_TIME:
        case MYSQL_TYPE_DATETIME: return text_of_time(object_of_bytes<MYSQL_TIME>(bytes), type.kind);
        default: return neutral(bytes, type);
        }
    }
    static std::string bytes_of_text(const std::string& value, const kin::column_type& type) {
        switch (wire_type(type)) {
        case MYSQL_TYPE_LONGLONG:
            return bytes_of_object(type.kind == type_kind::boolean ? std::int64_t{value == "true"}
                                                                   : std::int64_t{std::stoll(value)});
        case MYSQL_TYPE_FLOAT:
            return bytes_of_object(static_cast<float>(std::strtod(value.c_str(), nullptr)));
        case MYSQL_TYPE_DOUBLE: return bytes_of_object(std::strtod(value.c_str(), nullptr));
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_TIME:
        case MYSQL_TYPE_DATETIME: return bytes_of_object(time_of_text(value, type.kind));
        default: break;
        }
        if (type.kind == type_kind::blob) return kin::testing::bytes_of(value);
        if (type.kind == type_kind::uuid)
            return {reinterpret_cast<const char*>(kin::uuid(value).bytes()), kin::uuid::size};
        return value;
    }

    protocol around_;
    std::string url_ = kin::testing::fresh_url();
    kin::database db_{url_};
    kin::testing::raw_mariadb raw_{url_};
};

class mariadb_value_trips : public testing::TestWithParam<protocol> {
protected:
    void SetUp() override {
        if (!kin::testing::on_mariadb()) GTEST_SKIP() << "KIN_TEST_URL is not that of a MariaDB server";
    }
};

TEST_P(mariadb_value_trips, numbers_make_the_trip) {
    mariadb_trips where(GetParam());
    kin::testing::numbers_make_the_trip(where);
}

TEST_P(mariadb_value_trips, decimals_make_the_trip) {
    mariadb_trips where(GetParam());
    kin::testing::decimals_make_the_trip(where);
}

TEST_P(mariadb_value_trips, texts_bytes_and_enumerations_make_the_trip) {
    mariadb_trips where(GetParam());
    kin::testing::texts_and_bytes_make_the_trip(where);
}

TEST_P(mariadb_value_trips, dates_and_times_make_the_trip) {
    mariadb_trips where(GetParam());
    kin::testing::dates_and_times_make_the_trip(where);
}

TEST_P(mariadb_value_trips, json_and_arrays_make_the_trip) {
    mariadb_trips where(GetParam());
    kin::testing::json_and_arrays_make_the_trip(where);
}

struct Counter {
    kin::primary_key<int> id;
    std::uint64_t hits = 0;
};

TEST(mariadb_values, a_bigint_unsigned_is_read_as_far_as_64_signed_bits_go_and_is_an_error_beyond) {
    if (!kin::testing::on_mariadb()) GTEST_SKIP() << "KIN_TEST_URL is not that of a MariaDB server";
    const std::string url = kin::testing::fresh_url();
    kin::testing::raw_mariadb raw(url);
    raw.run("CREATE TABLE counter (id INT PRIMARY KEY, hits BIGINT UNSIGNED NOT NULL)");
    raw.run("INSERT INTO counter VALUES (1, 9223372036854775807), (2, 9223372036854775808)");
    const kin::database db(url);
    EXPECT_EQ(db.session().get_one<Counter>(1)->hits, 9'223'372'036'854'775'807U);
    const auto e =
        kin::testing::caught<kin::conversion_error>([&] { (void)db.session().get_one<Counter>(2); });
    EXPECT_NE(std::string(e.message()).find("counter.hits"), std::string::npos) << e.message();
}

INSTANTIATE_TEST_SUITE_P(around_kin, mariadb_value_trips, testing::Values(protocol::text, protocol::binary),
                         [](const auto& p) {
                             return p.param == protocol::text ? "in_text" : "in_binary_form";
                         });

} // namespace
