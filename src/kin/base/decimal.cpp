// SPDX-License-Identifier: MIT
#include "kin/base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "kin/base/error.hpp"

namespace kin {

namespace {

__extension__ using wide = unsigned __int128;

constexpr auto powers = [] {
    std::array<wide, decimal::max_digits + 1> made{};
    made[0] = 1;
    for (std::size_t i = 1; i < made.size(); ++i) made[i] = made[i - 1] * 10;
    return made;
}();

constexpr wide power(int exponent) noexcept { return powers[static_cast<std::size_t>(exponent)]; }
constexpr wide end_of_range = power(decimal::max_digits);

int digits_of(wide number) noexcept {
    const auto at = std::upper_bound(powers.begin() + 1, powers.end(), number);
    return static_cast<int>(at - powers.begin());
}

/// `number` * 10^`exponent`; false when that has more than 38 digits.
bool shift(wide& number, int exponent) noexcept {
    if (number == 0) return true;
    if (exponent > decimal::max_digits - digits_of(number)) return false;
    number *= power(exponent);
    return true;
}

[[noreturn]] void refuse(const char* code, std::string message) {
    throw data_error({.code = code, .message = std::move(message), .sql = {}});
}

[[noreturn]] void refuse_overflow() {
    refuse("decimal_overflow",
           "the result of a calculation with kin::decimal has more than 38 digits; round before");
}

/// Room for a sign, a zero, a point and the digits.
using decimal_text = std::array<char, decimal::max_digits + 4>;

} // namespace

/// A decimal taken apart.
struct decimal::arithmetic {
    wide number;
    int scale;
    bool negative;

    explicit arithmetic(const decimal& d) noexcept
        : number(static_cast<wide>(d.high_) << 64 | d.low_),
          scale(d.scale_),
          negative(d.negative_) {}
    arithmetic(wide n, int s, bool minus) noexcept : number(n), scale(s), negative(minus) {}

    [[nodiscard]] decimal put_together() const noexcept {
        decimal d;
        d.high_ = static_cast<std::uint64_t>(number >> 64);
        d.low_ = static_cast<std::uint64_t>(number);
        d.scale_ = static_cast<std::uint8_t>(scale);
        d.negative_ = negative && number != 0;
        return d;
    }
    void trim() noexcept {
        for (; scale > 0 && number % 10 == 0; --scale) number /= 10;
    }
    /// Gives both as many digits after the point. Throws: data_error (decimal_overflow).
    static void align(arithmetic& a, arithmetic& b) {
        if (try_align(a, b)) return;
        a.trim();
        b.trim();
        if (!try_align(a, b)) refuse_overflow();
    }
    static bool try_align(arithmetic& a, arithmetic& b) noexcept {
        arithmetic& shorter = a.scale < b.scale ? a : b;
        const arithmetic& longer = a.scale < b.scale ? b : a;
        if (!shift(shorter.number, longer.scale - shorter.scale)) return false;
        shorter.scale = longer.scale;
        return true;
    }
    /// Rounds `number` / `divisor`, whose rest is `rest`.
    static wide round(wide quotient, wide rest, wide divisor, rounding how) noexcept {
        if (how == rounding::down || rest == 0) return quotient;
        const wide other = divisor - rest;
        if (rest != other) return rest > other ? quotient + 1 : quotient;
        return how == rounding::half_up || quotient % 2 == 1 ? quotient + 1 : quotient;
    }
    [[nodiscard]] std::string_view write(decimal_text& out) const noexcept {
        char* const end = out.data() + out.size();
        char* at = end;
        wide left = number;
        for (int written = 0; left != 0 || written <= scale; ++written) {
            if (written == scale && scale != 0) *--at = '.';
            *--at = static_cast<char>('0' + static_cast<int>(left % 10));
            left /= 10;
        }
        if (negative) *--at = '-';
        return {at, static_cast<std::size_t>(end - at)};
    }
};

std::optional<decimal> decimal::parse(std::string_view text) noexcept {
    const bool minus = text.starts_with('-');
    if (minus || text.starts_with('+')) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    if (text.empty() || point == 0 || point == text.size() - 1) return {};
    // Zeros at the end of the fraction that are one too many are left out.
    constexpr auto most = static_cast<std::size_t>(max_digits);
    while (point != std::string_view::npos && text.size() > most && text.back() == '0') text.remove_suffix(1);
    arithmetic read(0, 0, minus);
    bool after_point = false;
    for (const char c : text) {
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9') return {};
        if (!shift(read.number, 1) || read.scale == max_digits) return {};
        read.number += static_cast<wide>(c - '0');
        if (after_point) ++read.scale;
    }
    return read.put_together();
}

decimal::decimal(std::string_view text) {
    const std::optional<decimal> read = parse(text);
    if (!read) {
        constexpr std::size_t longest = 50;
        refuse("invalid_decimal", "\"" + std::string(text.substr(0, longest)) +
                                      "\" is no decimal number of up to 38 digits; write it as -12.50");
    }
    *this = *read;
}

decimal decimal::from_units(std::int64_t units, int scale) {
    if (scale < 0 || scale > max_digits)
        refuse("decimal_overflow", "a decimal has between 0 and 38 digits after the point");
    decimal made(units);
    made.scale_ = static_cast<std::uint8_t>(scale);
    return made;
}

std::string decimal::to_string() const {
    decimal_text room;
    return std::string(arithmetic(*this).write(room));
}

decimal decimal::trimmed() const noexcept {
    arithmetic parts(*this);
    parts.trim();
    return parts.put_together();
}

int decimal::digits() const noexcept { return digits_of(arithmetic(*this).number); }

decimal decimal::rounded(int scale, rounding how) const {
    arithmetic parts(*this);
    if (scale < 0 || scale > max_digits) refuse_overflow();
    if (scale >= parts.scale) {
        if (!shift(parts.number, scale - parts.scale)) refuse_overflow();
    } else {
        const wide divisor = power(parts.scale - scale);
        parts.number = arithmetic::round(parts.number / divisor, parts.number % divisor, divisor, how);
    }
    parts.scale = scale;
    return parts.put_together();
}

decimal decimal::divided_by(const decimal& divisor, int scale, rounding how) const {
    if (divisor.is_zero()) refuse("division_by_zero", "a kin::decimal was divided by zero");
    if (scale < 0 || scale > max_digits) refuse_overflow();
    arithmetic above(trimmed());
    arithmetic below(divisor.trimmed());
    const bool negative = above.negative != below.negative;
    // above / below * 10^exponent, one digit after the other as on paper.
    int exponent = scale - above.scale + below.scale;
    wide rest = above.number % below.number;
    wide quotient = above.number / below.number;
    for (; exponent > 0; --exponent) {
        if (!shift(quotient, 1)) refuse_overflow();
        // rest * 10 may be beyond 128 bits: take `below` off ten times at most.
        wide digit = 0;
        wide next = 0;
        for (int i = 0; i < 10; ++i) {
            next += rest; // both below 10^38
            if (next >= below.number) {
                next -= below.number;
                ++digit;
            }
        }
        quotient += digit;
        rest = next;
    }
    if (exponent == 0) {
        quotient = arithmetic::round(quotient, rest, below.number, how);
    } else {
        // Digits go: what was left over only matters when the digits that go are exactly a half, or none.
        const int gone = -exponent;
        if (gone > max_digits) return arithmetic(0, scale, false).put_together();
        const wide unit = power(gone);
        const wide lost = quotient % unit;
        wide rounded = quotient / unit;
        const bool above_half = lost > unit - lost || (lost == unit - lost && rest != 0);
        const bool is_half = lost == unit - lost && rest == 0;
        if (how != rounding::down &&
            (above_half || (is_half && (how == rounding::half_up || rounded % 2 == 1))))
            ++rounded;
        quotient = rounded;
    }
    if (quotient >= end_of_range) refuse_overflow();
    return arithmetic(quotient, scale, negative).put_together();
}

std::optional<std::int64_t> decimal::to_integer() const noexcept {
    const arithmetic parts(*this);
    const wide whole = parts.number / power(parts.scale);
    const wide limit = static_cast<wide>(std::numeric_limits<std::int64_t>::max()) + (parts.negative ? 1 : 0);
    if (whole > limit) return {};
    const auto magnitude = static_cast<std::uint64_t>(whole);
    return static_cast<std::int64_t>(parts.negative ? ~magnitude + 1 : magnitude);
}

double decimal::to_double() const noexcept {
    decimal_text room;
    const std::string_view text = arithmetic(*this).write(room);
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

decimal operator+(const decimal& a, const decimal& b) {
    using parts = decimal::arithmetic;
    parts left(a);
    parts right(b);
    parts::align(left, right);
    if (left.negative == right.negative) {
        left.number += right.number; // below 2 * 10^38, which 128 bits hold
        if (left.number >= end_of_range) left.trim();
        if (left.number >= end_of_range) refuse_overflow();
        return left.put_together();
    }
    parts& larger = left.number >= right.number ? left : right;
    const parts& smaller = left.number >= right.number ? right : left;
    larger.number -= smaller.number;
    return larger.put_together();
}

decimal operator-(const decimal& a, const decimal& b) { return a + -b; }

decimal operator*(const decimal& a, const decimal& b) {
    using parts = decimal::arithmetic;
    parts left(a);
    parts right(b);
    const auto fits = [&] {
        wide product = 0;
        return !__builtin_mul_overflow(left.number, right.number, &product) && product < end_of_range &&
               left.scale + right.scale <= decimal::max_digits;
    };
    if (!fits()) {
        left.trim();
        right.trim();
        if (!fits()) refuse_overflow();
    }
    return parts(left.number * right.number, left.scale + right.scale, left.negative != right.negative)
        .put_together();
}

decimal decimal::operator-() const noexcept {
    decimal negated = *this;
    negated.negative_ = !negative_ && !is_zero();
    return negated;
}

int decimal::compare(const decimal& a, const decimal& b) noexcept {
    if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
    const int sign = a.negative_ ? -1 : 1;
    arithmetic left(a);
    arithmetic right(b);
    left.trim();
    right.trim();
    if (left.number == 0 || right.number == 0) return sign * ((left.number != 0) - (right.number != 0));
    const int left_whole = digits_of(left.number) - left.scale;
    const int right_whole = digits_of(right.number) - right.scale;
    if (left_whole != right_whole) return left_whole < right_whole ? -sign : sign;
    (void)arithmetic::try_align(left, right); // as many whole digits and at most 38 in all: it fits
    if (left.number == right.number) return 0;
    return left.number < right.number ? -sign : sign;
}

bool codec<decimal>::encode(const decimal& in, encoder to) { return to.decimal(in.trimmed().to_string()); }

bool codec<decimal>::decode(decimal& out, const cell& from) noexcept {
    if (from.kind == cell_kind::integer) {
        out = decimal(from.integer);
        return true;
    }
    if (from.kind != cell_kind::decimal && from.kind != cell_kind::text) return false;
    const std::optional<decimal> read = decimal::parse(from.bytes());
    if (!read) return false;
    out = read->trimmed();
    return true;
}

void detail::pad(decimal& number, int scale) noexcept {
    if (number.scale() >= scale || number.digits() + scale - number.scale() > decimal::max_digits) return;
    number = number.rounded(scale);
}

} // namespace kin

std::size_t std::hash<kin::decimal>::operator()(const kin::decimal& number) const {
    return std::hash<std::string>()(number.trimmed().to_string());
}
