// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional> // std::hash, for keys of unordered containers
#include <optional>
#include <string>
#include <string_view>

#include "kin/base/encoder.hpp"

namespace kin {

/// How a decimal loses digits.
enum class rounding : std::uint8_t {
    half_up,   // 2.5 -> 3, -2.5 -> -3: as SQL's round() does
    half_even, // 2.5 -> 2, 3.5 -> 4
    down,      // 2.9 -> 2, -2.9 -> -2
};

/// An exact decimal number of up to 38 digits, of which up to 38 stand after the point. It never passes through binary floating
/// point: it is not made from a double, and no database gets or gives one for it. A value.
///
/// It remembers how many digits it was written with after the point: "1.50" prints as 1.50, and equals 1.5.
class decimal {
public:
    static constexpr int max_digits = 38;

    constexpr decimal() noexcept = default;
    /// Every integer is a decimal.
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    constexpr decimal(T number) noexcept
        : low_(number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number)),
          negative_(number < 0) {}
    /// 0.1 as a double is another number than 0.1: write kin::decimal("0.1").
    template <std::floating_point T> decimal(T number) = delete;
    /// Reads what parse() takes. Throws: data_error (invalid_decimal).
    explicit decimal(std::string_view text);
    explicit decimal(const char* text) : decimal(std::string_view(text)) {}
    /// `units` of the `scale`-th digit after the point: from_units(1999, 2) is 19.99.
    [[nodiscard]] static decimal from_units(std::int64_t units, int scale);
    /// Reads digits with an optional sign and an optional point between them: "-12.50". Nothing for any other text, and for more
    /// than 38 digits; zeros in front, and zeros at the end that would be too many, do not count.
    [[nodiscard]] static std::optional<decimal> parse(std::string_view text) noexcept;

    /// As it was written: 1.50, -0.5, 0.
    [[nodiscard]] std::string to_string() const;
    /// Without zeros at the end: 1.5.
    [[nodiscard]] decimal trimmed() const noexcept;
    /// Digits after the point.
    [[nodiscard]] constexpr int scale() const noexcept { return scale_; }
    /// Digits without zeros in front: 3 of 1.50, 1 of 0 and of 0.05.
    [[nodiscard]] int digits() const noexcept;
    [[nodiscard]] constexpr bool is_zero() const noexcept { return high_ == 0 && low_ == 0; }
    [[nodiscard]] constexpr bool is_negative() const noexcept { return negative_; }

    /// With `scale` digits after the point, rounded where there were more: decimal("2.345").rounded(2) is 2.35.
    /// Throws: data_error (decimal_overflow) when the zeros that are added make it longer than 38 digits.
    [[nodiscard]] decimal rounded(int scale, rounding how = rounding::half_up) const;
    /// This divided by `divisor`, with `scale` digits after the point. Throws: data_error (decimal_overflow; division_by_zero).
    [[nodiscard]] decimal divided_by(const decimal& divisor, int scale,
                                     rounding how = rounding::half_up) const;
    /// The integer part; nothing when it is beyond 64 bits.
    [[nodiscard]] std::optional<std::int64_t> to_integer() const noexcept;
    /// The closest double: for charts, not for money.
    [[nodiscard]] double to_double() const noexcept;

    // Exact. Throw: data_error (decimal_overflow) when the result has more than 38 digits.
    friend decimal operator+(const decimal& a, const decimal& b);
    friend decimal operator-(const decimal& a, const decimal& b);
    friend decimal operator*(const decimal& a, const decimal& b);
    [[nodiscard]] decimal operator-() const noexcept;
    decimal& operator+=(const decimal& other) { return *this = *this + other; }
    decimal& operator-=(const decimal& other) { return *this = *this - other; }
    decimal& operator*=(const decimal& other) { return *this = *this * other; }

    /// As numbers: 1.5 equals 1.50.
    [[nodiscard]] friend bool operator==(const decimal& a, const decimal& b) noexcept {
        return compare(a, b) == 0;
    }
    [[nodiscard]] friend std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept {
        return compare(a, b) <=> 0;
    }

    /// For any stream the user has included: kin does not include <ostream>.
    template <class Stream>
        requires requires { typename Stream::char_type; }
    friend Stream& operator<<(Stream& stream, const decimal& number) {
        stream << number.to_string();
        return stream;
    }

private:
    struct arithmetic;
    static int compare(const decimal& a, const decimal& b) noexcept;

    std::uint64_t high_ = 0; // the digits as a number of 128 bits, below 10^38
    std::uint64_t low_ = 0;
    std::uint8_t scale_ = 0;
    bool negative_ = false; // never of zero
};

/// Stored as the database's exact number, without zeros at the end; on SQLite as text.
template <> struct codec<decimal> {
    static constexpr column_type type = {.kind = type_kind::decimal};
    static bool encode(const decimal& in, encoder to);
    /// Also takes integers and text. The zeros at the end go.
    static bool decode(decimal& out, const cell& from) noexcept;
};

namespace detail {
/// Adds zeros up to `scale` digits after the point, where they fit.
void pad(decimal& number, int scale) noexcept;
} // namespace detail

} // namespace kin

template <> struct std::hash<kin::decimal> {
    std::size_t operator()(const kin::decimal& number) const;
};
