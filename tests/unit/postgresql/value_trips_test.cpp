// SPDX-License-Identifier: MIT
// Every type to PostgreSQL and back, beside kin's way through libpq alone. Twice: kin in binary form and libpq in text, kin in text and libpq in
// binary form.
#include "support/value_trips.hpp"

#include <gtest/gtest.h>

#include "kin/base/array_text.hpp"
#include "kin/base/iso_time.hpp"
#include "support/test_database.hpp"
#include "unit/postgresql/binary_values.hpp"
#include "unit/postgresql/raw_session.hpp"

namespace {

using kin::type_kind;
using kin::testing::raw_postgresql;
using kin::testing::wire_format;

class postgresql_trips final : public kin::testing::trip_database {
public:
    /// `around`: how libpq's values travel. Without prepared statements kin's own travel as text.
    explicit postgresql_trips(wire_format around)
        : around_(around),
          url_(kin::testing::fresh_url(around == wire_format::binary ? "prepare=off" : "")),
          db_(url_),
          raw_(url_) {}

    kin::database& db() override { return db_; }

    std::optional<std::string> read(int id, const kin::column_type& type) override {
        if (type.kind == type_kind::array) return read_array(id, type);
        const raw_postgresql::value found =
            raw_.ask("SELECT value FROM probe WHERE id = $1", {{.bytes = std::to_string(id)}}, around_);
        if (!found.bytes) return std::nullopt;
        if (is_native(type)) return found.bytes; // its binary form is the word
        if (around_ == wire_format::binary)
            return kin::testing::text_of_binary(found.type, *found.bytes, type.kind);
        return neutral(*found.bytes, type);
    }

    void write(int id, const std::optional<std::string>& value, const kin::column_type& type) override {
        if (type.kind == type_kind::array) return write_array(id, value, type);
        raw_postgresql::value parameter{.bytes = value,
                                        .type = is_native(type) ? 0 : kin::testing::postgresql_type_of(type),
                                        .format = around_};
        if (value && !is_native(type)) {
            parameter.bytes = around_ == wire_format::binary
                                  ? kin::testing::binary_of_text(parameter.type, *value)
                                  : literal(*value, type);
        }
        raw_.run("INSERT INTO probe (id, value) VALUES ($1, $2)", {{.bytes = std::to_string(id)}, parameter});
    }

    std::string refusal(const std::string& value, const kin::column_type& type) const override {
        const bool is_text = type.kind == type_kind::text;
        if (is_text && value.find('\0') != std::string::npos) return "nul_in_text";
        const bool is_json = type.kind == type_kind::json || type.kind == type_kind::array;
        return is_json && value.find("\\u0000") != std::string::npos ? "nul_in_text" : "";
    }

    bool orders(const kin::column_type& type) const override {
        return type.kind != type_kind::enumeration || is_native(type);
    }

private:
    static bool is_native(const kin::column_type& type) {
        return type.kind == type_kind::enumeration && type.storage == kin::enum_storage::native;
    }
    /// Arrays are taken apart and put together by the server, so in both forms of the test in the same way.
    std::optional<std::string> read_array(int id, const kin::column_type& type) {
        const raw_postgresql::value found =
            raw_.ask("SELECT to_jsonb(CAST(value AS TEXT[])) FROM probe WHERE id = $1",
                     {{.bytes = std::to_string(id)}}, wire_format::text);
        if (!found.bytes) return std::nullopt;
        kin::detail::array_reader elements(*found.bytes);
        kin::detail::array_writer out;
        for (kin::cell c; elements.next(kin::cell_kind::text, c);) {
            const std::string text(c.bytes());
            const std::string number =
                type.element == type_kind::decimal && !c.is_null() ? neutral(text, {type_kind::decimal}) : "";
            if (c.is_null()) {
            } else if (type.element == type_kind::integer) {
                c = kin::cell::of_integer(std::stoll(text));
            } else if (type.element == type_kind::boolean) {
                c = kin::cell::of_integer(text == "true" ? 1 : 0, kin::cell_kind::boolean);
            } else if (type.element == type_kind::time) {
                c = kin::cell::of_integer(kin::detail::parse_time(text).value(), kin::cell_kind::time);
            } else if (type.element == type_kind::decimal) {
                c = kin::cell::of_bytes(number, kin::cell_kind::decimal);
            }
            EXPECT_TRUE(out.add(c)) << text;
        }
        EXPECT_TRUE(elements.is_whole()) << *found.bytes;
        return std::string(out.finish());
    }
    void write_array(int id, const std::optional<std::string>& value, const kin::column_type& type) {
        const std::string element = type.element == type_kind::integer   ? "BIGINT"
                                    : type.element == type_kind::boolean ? "BOOLEAN"
                                    : type.element == type_kind::decimal ? "NUMERIC"
                                    : type.element == type_kind::uuid    ? "UUID"
                                    : type.element == type_kind::time    ? "TIME"
                                    : type.storage == kin::enum_storage::native
                                        ? std::string(type.native_name)
                                        : "TEXT";
        raw_.run(
            "INSERT INTO probe (id, value) SELECT CAST($1 AS INTEGER), CASE WHEN CAST($2 AS JSONB) IS NOT "
            "NULL "
            "THEN "
            "ARRAY(SELECT CAST(x.e AS " +
                element +
                ") FROM jsonb_array_elements_text(CAST($2 AS JSONB)) WITH ORDINALITY AS x(e, n) ORDER BY "
                "x.n) END",
            {{.bytes = std::to_string(id)}, {.bytes = value}});
    }

    /// Of the server's text.
    static std::string neutral(std::string text, const kin::column_type& type) {
        switch (type.kind) {
        case type_kind::boolean: return text == "t" ? "true" : "false";
        case type_kind::real: {
            const double real = type.bits == 32 ? double{std::strtof(text.c_str(), nullptr)}
                                                : std::strtod(text.c_str(), nullptr);
            return kin::testing::text_around_kin(kin::cell::of_real(real)).value();
        }
        case type_kind::decimal: return kin::decimal(text).trimmed().to_string();
        case type_kind::blob: return text.substr(2); // \x...
        case type_kind::timestamp: return kin::testing::with_fraction(text.substr(0, text.size() - 3)); // +00
        case type_kind::time: return kin::testing::with_fraction(text);
        case type_kind::json:
        case type_kind::array: return kin::json(text).text();
        default: return text;
        }
    }
    /// A value in the server's text.
    static std::string literal(const std::string& value, const kin::column_type& type) {
        if (type.kind == type_kind::blob) return "\\x" + value;
        return type.kind == type_kind::timestamp ? value + "+00" : value;
    }

    wire_format around_;
    std::string url_;
    kin::database db_;
    raw_postgresql raw_;
};

class postgresql_value_trips : public testing::TestWithParam<wire_format> {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
    }
};

TEST_P(postgresql_value_trips, numbers_make_the_trip) {
    postgresql_trips where(GetParam());
    kin::testing::numbers_make_the_trip(where);
}

TEST_P(postgresql_value_trips, decimals_make_the_trip) {
    postgresql_trips where(GetParam());
    kin::testing::decimals_make_the_trip(where);
}

TEST_P(postgresql_value_trips, texts_bytes_and_enumerations_make_the_trip) {
    postgresql_trips where(GetParam());
    kin::testing::texts_and_bytes_make_the_trip(where);
}

TEST_P(postgresql_value_trips, dates_and_times_make_the_trip) {
    postgresql_trips where(GetParam());
    kin::testing::dates_and_times_make_the_trip(where);
}

TEST_P(postgresql_value_trips, json_and_arrays_make_the_trip) {
    postgresql_trips where(GetParam());
    kin::testing::json_and_arrays_make_the_trip(where);
}

INSTANTIATE_TEST_SUITE_P(around_kin, postgresql_value_trips,
                         testing::Values(wire_format::text, wire_format::binary), [](const auto& format) {
                             return format.param == wire_format::text ? "in_text" : "in_binary_form";
                         });

} // namespace
