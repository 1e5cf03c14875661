// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kin/kin.hpp"

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
    /// What the database keeps of a value: the value, but where it has no sign of zero.
    [[nodiscard]] virtual std::string kept(std::string value, const column_type&) const { return value; }
    /// Whether ORDER BY has the order of C++.
    [[nodiscard]] virtual bool orders(const column_type& type) const = 0;
};

/// The seed of the random values: KIN_SEED, else one of this run. Printed with every failure.
[[nodiscard]] std::uint64_t trip_seed();

/// What stands in a cell, as trip_database wants it.
[[nodiscard]] std::optional<std::string> text_around_kin(const cell& c);

/// HH:MM:SS[.f] with six f.
[[nodiscard]] std::string with_fraction(std::string time);
/// The bytes that hexadecimal digits stand for.
[[nodiscard]] std::string bytes_of(std::string_view hexadecimal_digits);

// All types, in groups: each is a test of a wing.

void numbers_make_the_trip(trip_database& where);
void decimals_make_the_trip(trip_database& where);
void texts_and_bytes_make_the_trip(trip_database& where);
void dates_and_times_make_the_trip(trip_database& where);
void json_and_arrays_make_the_trip(trip_database& where);

} // namespace kin::testing
