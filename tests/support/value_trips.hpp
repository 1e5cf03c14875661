// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/value_samples.hpp"

// The property test of the types: values with the edges and random ones, written by kin and read around it, written around it and
// read by kin, looked for and put into order. A wing runs it with a trip_database of its own.

namespace kin::testing {

/// A database under the property test: kin's way in, and one around kin.
///
/// Around kin a value is a text, the same on every database: true and false; the digits of integers and durations; the
/// shortest digits that give a floating-point number back, and nan, inf, -inf; text and enumerations as they are; bytes in
/// hexadecimal; YYYY-MM-DD; HH:MM:SS.ffffff with always six f, for timestamps behind the date and a space; decimals in their shortest
/// form; UUIDs in 36 characters; JSON and arrays in the form of kin::json.
class trip_database {
public:
    virtual ~trip_database() = default;
    [[nodiscard]] virtual kin::database& db() = 0;
    /// The column `value` of the row `id` of the table `probe`.
    [[nodiscard]] virtual std::optional<std::string> read(int id, const column_type& type) = 0;
    /// Inserts the row `id` with this `value`.
    virtual void write(int id, const std::optional<std::string>& value, const column_type& type) = 0;
    /// The code with which kin refuses a value that the database cannot hold; empty for those that it can.
    [[nodiscard]] virtual std::string refusal(const std::string& value, const column_type& type) const = 0;
    /// Whether ORDER BY has the order of C++.
    [[nodiscard]] virtual bool orders(const column_type& type) const = 0;
};

/// What stands in a cell, as trip_database wants it.
[[nodiscard]] std::optional<std::string> text_around_kin(const cell& c);

/// HH:MM:SS[.f] with six f.
[[nodiscard]] std::string with_fraction(std::string time);
/// The bytes that hexadecimal digits stand for.
[[nodiscard]] std::string bytes_of(std::string_view hexadecimal_digits);

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
        std::mt19937_64 source(7);
        values_ = samples<T>::edges();
        for (int i = 0; i < 60; ++i) values_.push_back(samples<T>::random(source));
    }
    ~trip() { db_.drop_all<row>(); }

    void run() {
        written_by_kin_read_around_it();
        if constexpr (sql_can_compare<T, T>) looked_for();
        if constexpr (sql_can_order<T, T> && !is_nullable<T>) put_into_order(); // where NULL stands differs
        written_around_kin_read_by_it();
    }

private:
    static constexpr column_type type = codec<T>::type;

    static std::optional<std::string> text_of(const T& v) {
        cell c;
        scratch memory;
        EXPECT_TRUE(codec<T>::encode(v, encoder{c, memory}));
        return text_around_kin(c);
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
                EXPECT_EQ(where_.read(static_cast<int>(kept.size()), type), text);
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
                if (values_[i] == v) expected.push_back(static_cast<int>(i) + 1);
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
        std::stable_sort(expected.begin(), expected.end(),
                         [&](int a, int b) { return value_of(a) < value_of(b); });
        kin::session session = db_.session();
        std::vector<int> found;
        for (const auto& r : session.query<row>().order_by(kin::col<&row::value>, kin::col<&row::id>))
            found.push_back(r->id);
        EXPECT_EQ(found, expected);
        for (const T& v : values_) {
            const auto less =
                std::count_if(values_.begin(), values_.end(), [&](const T& other) { return other < v; });
            EXPECT_EQ(session.query<row>().where(kin::col<&row::value> < v).count(), less)
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
            EXPECT_EQ(text_of(found->value), text_of(values_[i]));
            EXPECT_TRUE(found->value == values_[i]) << text_of(values_[i]).value_or("NULL");
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
            SCOPED_TRACE(::testing::Message() << "type: " << samples<T>::name);
            trip<T>(where).run();
        }(),
        ...);
}

} // namespace kin::testing
