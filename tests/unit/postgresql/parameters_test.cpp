// SPDX-License-Identifier: MIT
#include "kin/postgresql/parameters.hpp"

#include <gtest/gtest.h>

#include "kin/postgresql/types.hpp"
#include "kin/postgresql/values.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::cell;
using kin::cell_kind;

std::string refusal_of(std::string_view bytes, cell_kind kind) {
    const cell c = cell::of_bytes(bytes, kind);
    return kin::testing::code_of([&] { kin::postgresql::check_values({&c, 1}); });
}

TEST(postgresql_parameters, a_nul_inside_of_json_and_arrays_is_refused_before_it_is_sent) {
    EXPECT_EQ(refusal_of(R"({"a":"x\u0000"})", cell_kind::json), "nul_in_text");
    EXPECT_EQ(refusal_of(R"(["\u0000"])", cell_kind::array), "nul_in_text");
    EXPECT_EQ(refusal_of(R"(["\\\u0000"])", cell_kind::array), "nul_in_text") << "behind a backslash";
    EXPECT_EQ(refusal_of(R"(["\\u0000"])", cell_kind::array), "") << "a backslash, and then u0000";
    EXPECT_EQ(refusal_of(R"(["\u0001","\\"])", cell_kind::array), "");
    EXPECT_EQ(refusal_of(R"(\u0000)", cell_kind::text), "") << "text is no JSON";
}

TEST(postgresql_parameters, the_shortest_digits_of_a_float_are_read_as_a_float) {
    kin::scratch memory;
    cell c;
    ASSERT_TRUE(kin::postgresql::read_text(kin::postgresql::float4_type, "3.4028235e+38", cell_kind::real,
                                           memory, c));
    EXPECT_EQ(c.real, double{std::numeric_limits<float>::max()});
    ASSERT_TRUE(kin::postgresql::read_text(kin::postgresql::float4_type, "0.1", cell_kind::real, memory, c));
    EXPECT_EQ(c.real, double{0.1F});
}

} // namespace
