// SPDX-License-Identifier: MIT
#include "kin/base/codec.hpp"

#include <gtest/gtest.h>

#include <any>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using kin::cell;
using kin::cell_kind;
using kin::codec;
using kin::type_kind;

namespace {

struct Incomplete;
template <class T> struct Wrapped {
    T inside;
};
struct Money {
    std::int64_t cents = 0;
};
enum class empty {};

template <class T> std::optional<T> decoded(const cell& from) {
    T out{};
    if (!codec<T>::decode(out, from)) return std::nullopt;
    return out;
}

/// The cell of a value, together with the memory it may point to.
template <class T> struct encoded {
    explicit encoded(const T& in) { fits = codec<T>::encode(in, kin::encoder{out, memory}); }
    cell out;
    kin::scratch memory;
    bool fits = false;
};

} // namespace

template <> struct kin::codec<Money> {
    static constexpr kin::column_type type = {.kind = kin::type_kind::integer};
    static bool encode(const Money& in, kin::encoder to) { return to.integer(in.cents); }
    static bool decode(Money& out, const kin::cell& from) {
        return kin::codec<std::int64_t>::decode(out.cents, from);
    }
};

static_assert(kin::storable<int> && kin::storable<unsigned long long> && kin::storable<signed char>);
static_assert(kin::storable<double> && kin::storable<float> && kin::storable<bool> &&
              kin::storable<std::string>);
static_assert(kin::storable<std::vector<std::byte>> && kin::storable<std::optional<std::string>>);
static_assert(kin::storable<Money> && kin::storable<std::optional<Money>>);
// letters are not numbers, and there is one NULL only
static_assert(!kin::storable<char> && !kin::storable<char8_t> && !kin::storable<wchar_t> &&
              !kin::storable<std::byte>);
static_assert(!kin::storable<std::optional<std::optional<int>>> && !kin::storable<long double>);
// views can be bound, but not read into
static_assert(!kin::storable<std::string_view> && kin::bindable<std::string_view> &&
              kin::bindable<const char*>);
static_assert(!kin::storable<std::optional<std::string_view>> &&
              kin::bindable<std::optional<std::string_view>>);
// the question is never an error
static_assert(!kin::storable<Incomplete> && !kin::storable<std::optional<Incomplete>> &&
              !kin::storable<Wrapped<Incomplete>>);
static_assert(!kin::storable<std::vector<Incomplete>> && !kin::storable<std::unique_ptr<Incomplete>>);
static_assert(!kin::storable<void> && !kin::storable<int&> && !kin::storable<int[3]> &&
              !kin::storable<void()>);
static_assert(!kin::storable<int*> && !kin::storable<const int> && !kin::storable<std::any> &&
              !kin::storable<empty>);
static_assert(!kin::storable<std::map<int, int>> && !kin::storable<std::pair<Incomplete, int>>);

static_assert(kin::is_nullable<std::optional<int>> && !kin::is_nullable<int> &&
              !kin::is_nullable<Incomplete>);

static_assert(codec<std::int8_t>::type.bits == 8 && codec<std::uint8_t>::type.bits == 16);
static_assert(codec<std::uint16_t>::type.bits == 32 && codec<std::uint32_t>::type.bits == 64);
static_assert(codec<std::uint64_t>::type.bits == 64 && codec<std::int32_t>::type.bits == 32);
static_assert(codec<float>::type.bits == 32 && codec<double>::type.bits == 64);
static_assert(codec<std::optional<int>>::type == codec<int>::type);

TEST(codec, integers_come_back_at_both_ends_of_their_range) {
    EXPECT_EQ(encoded(std::numeric_limits<std::int64_t>::min()).out.integer,
              std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(decoded<std::int8_t>(cell::of_integer(-128)), std::int8_t{-128});
    EXPECT_EQ(decoded<std::uint32_t>(cell::of_integer(4'294'967'295)), 4'294'967'295u);
}

TEST(codec, an_integer_that_does_not_fit_its_member_is_refused) {
    EXPECT_FALSE(decoded<std::int8_t>(cell::of_integer(128)));
    EXPECT_FALSE(decoded<std::uint32_t>(cell::of_integer(-1)));
    EXPECT_FALSE(decoded<int>(cell::of_integer(3'000'000'000)));
}

TEST(codec, an_unsigned_value_beyond_any_column_is_refused) {
    EXPECT_TRUE(encoded(std::uint64_t{9'223'372'036'854'775'807u}).fits);
    EXPECT_FALSE(encoded(std::uint64_t{9'223'372'036'854'775'808u}).fits);
}

TEST(codec, null_and_text_are_not_numbers) {
    EXPECT_FALSE(decoded<int>(cell()));
    EXPECT_FALSE(decoded<int>(cell::of_text("5")));
    EXPECT_FALSE(decoded<int>(cell::of_real(5.0)));
    EXPECT_FALSE(decoded<double>(cell()));
    EXPECT_FALSE(decoded<bool>(cell()));
}

TEST(codec, booleans_are_zero_or_one) {
    EXPECT_EQ(encoded(true).out.kind, cell_kind::boolean);
    EXPECT_EQ(decoded<bool>(cell::of_integer(1)), true);
    EXPECT_EQ(decoded<bool>(cell::of_integer(0, cell_kind::boolean)), false);
    EXPECT_FALSE(decoded<bool>(cell::of_integer(2)));
    EXPECT_EQ(decoded<int>(cell::of_integer(1, cell_kind::boolean)), 1);
}

TEST(codec, doubles_take_the_integers_that_are_exact) {
    EXPECT_EQ(decoded<double>(cell::of_integer(3)), 3.0);
    EXPECT_EQ(decoded<double>(cell::of_integer(std::int64_t{1} << 53)), 9007199254740992.0);
    EXPECT_FALSE(decoded<double>(cell::of_integer((std::int64_t{1} << 53) + 1)));
    EXPECT_FALSE(decoded<float>(cell::of_integer((std::int64_t{1} << 24) + 1)));
}

TEST(codec, a_float_rounds_but_does_not_become_infinite) {
    EXPECT_EQ(decoded<float>(cell::of_real(0.1)), 0.1f);
    EXPECT_FALSE(decoded<float>(cell::of_real(1e300)));
    EXPECT_FALSE(decoded<float>(cell::of_real(-1e300)));
    EXPECT_EQ(decoded<float>(cell::of_real(std::numeric_limits<double>::infinity())),
              std::numeric_limits<float>::infinity());
}

TEST(codec, text_is_borrowed_whole_with_nul) {
    const std::string text("a\0b", 3);
    const encoded e(text);
    EXPECT_EQ(e.out.data, text.data());
    EXPECT_EQ(e.out.size, 3u);
    EXPECT_EQ(decoded<std::string>(e.out), text);
    EXPECT_FALSE(decoded<std::string>(cell::of_bytes("blob")));
}

TEST(codec, empty_text_and_bytes_have_an_address_because_drivers_take_none_for_null) {
    EXPECT_NE(encoded(std::string_view()).out.data, nullptr);
    EXPECT_NE(encoded(std::vector<std::byte>()).out.data, nullptr);
    EXPECT_EQ(decoded<std::vector<std::byte>>(encoded(std::vector<std::byte>()).out),
              std::vector<std::byte>());
}

TEST(codec, text_of_four_gibibytes_is_refused) {
    const std::string_view pretended("x", std::size_t{1} << 32); // only its size is looked at
    EXPECT_FALSE(encoded(pretended).fits);
    cell out;
    kin::scratch memory;
    EXPECT_FALSE((kin::encoder{out, memory}.copied_text(pretended)));
}

TEST(codec, copied_text_outlives_its_source) {
    cell out;
    kin::scratch memory;
    {
        const std::string source(100, 's');
        EXPECT_TRUE((kin::encoder{out, memory}.copied_text(source)));
    }
    EXPECT_EQ(out.bytes(), std::string(100, 's'));
}

TEST(codec, bytes_come_back) {
    const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
    const encoded e(bytes);
    EXPECT_EQ(e.out.kind, cell_kind::blob);
    EXPECT_EQ(decoded<std::vector<std::byte>>(e.out), bytes);
}

TEST(codec, an_empty_optional_is_null_and_null_empties_an_optional) {
    EXPECT_TRUE(encoded(std::optional<int>()).out.is_null());
    EXPECT_EQ(encoded(std::optional<int>(4)).out.integer, 4);
    std::optional<std::string> text = "old";
    EXPECT_TRUE(codec<std::optional<std::string>>::decode(text, cell()));
    EXPECT_FALSE(text);
    EXPECT_TRUE(codec<std::optional<std::string>>::decode(text, cell::of_text("new")));
    EXPECT_EQ(text, "new");
    EXPECT_FALSE(decoded<std::optional<int>>(cell::of_text("no number")));
}

TEST(codec, an_optional_that_the_value_does_not_fit_stays_as_it_is) {
    std::optional<int> out;
    EXPECT_FALSE(codec<std::optional<int>>::decode(out, cell::of_text("no number")));
    EXPECT_EQ(out, std::nullopt);
    out = 7;
    EXPECT_FALSE(codec<std::optional<int>>::decode(out, cell::of_text("no number")));
    EXPECT_EQ(out, 7);
}

TEST(codec, a_type_of_the_users_own_is_one_specialisation) {
    EXPECT_EQ(encoded(Money{250}).out.integer, 250);
    EXPECT_EQ(decoded<Money>(cell::of_integer(99))->cents, 99);
}
