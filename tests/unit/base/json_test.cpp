// SPDX-License-Identifier: MIT
#include "kin/base/json.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"

using kin::json;
using namespace std::string_view_literals;

namespace {

std::string text_of(std::string_view text) {
    const auto read = json::parse(text);
    return read ? read->text() : "no JSON";
}

TEST(json, is_null_until_it_is_something_else) {
    EXPECT_EQ(json().text(), "null");
    std::ostringstream out;
    out << json("[1]");
    EXPECT_EQ(out.str(), "[1]");
}

TEST(json, has_one_form_for_all_texts_that_say_the_same) {
    EXPECT_EQ(text_of(" { \"b\" : 1 ,\n\t\"a\": [ true , null ] } "), R"({"a":[true,null],"b":1})");
    EXPECT_EQ(text_of(R"({"bb":1,"a":2,"c":3})"), R"({"a":2,"c":3,"bb":1})");
    EXPECT_EQ(text_of(R"({"a":1,"a":2})"), R"({"a":2})");
    EXPECT_EQ(text_of(R"("\u0041\/\u00e9\ud83d\ude00\n")"), "\"A/\xC3\xA9\xF0\x9F\x98\x80\\n\"");
    EXPECT_EQ(text_of("\"\\u0000\\u001F\""), R"("\u0000\u001f")");
    EXPECT_EQ(json("[1, 2]"), json("[1,2]"));
    EXPECT_NE(json("[1,2]"), json("[2,1]"));
    EXPECT_EQ(text_of("[]"), "[]");
    EXPECT_EQ(text_of("{}"), "{}");
}

TEST(json, writes_numbers_without_exponents_and_keeps_their_zeros) {
    EXPECT_EQ(text_of("1e2"), "100");
    EXPECT_EQ(text_of("1.50E1"), "15.0");
    EXPECT_EQ(text_of("-2.5e-3"), "-0.0025");
    EXPECT_EQ(text_of("1.50"), "1.50");
    EXPECT_EQ(text_of("-0"), "0");
    EXPECT_EQ(text_of("-0.0"), "0.0");
    EXPECT_EQ(text_of("0e10"), "0");
    EXPECT_EQ(text_of("123e-2"), "1.23");
    EXPECT_EQ(text_of("1e1000"), "1e1000");
    EXPECT_EQ(text_of("1e-1000"), "1e-1000");
    EXPECT_EQ(text_of("12345678901234567890123"), "12345678901234567890123");
}

TEST(json, refuses_what_is_none) {
    for (const std::string_view wrong :
         {""sv,        " "sv,          "{"sv,           "[1,]"sv,        "[1 2]"sv,    "{a:1}"sv,
          "{\"a\"}"sv, "{\"a\":1,}"sv, "01"sv,          "1."sv,          ".5"sv,       "+1"sv,
          "1e"sv,      "tru"sv,        "nullx"sv,       "'a'"sv,         "\"a"sv,      "\"\t\""sv,
          "\"\\x\""sv, "\"\\u12\""sv,  "\"\\ud800\""sv, "\"\\udc00\""sv, "\"\xff\""sv, "[] []"sv,
          "NaN"sv,     "null\0"sv})
        EXPECT_EQ(text_of(wrong), "no JSON") << wrong;
    try {
        (void)json("{");
        FAIL();
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.code(), "invalid_json");
    }
}

TEST(json, may_be_nested_500_deep) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(text_of(nested(501)), nested(501)); // the innermost is empty
    EXPECT_EQ(text_of(nested(502)), "no JSON");
    EXPECT_EQ(text_of(std::string(1'000'000, '[')), "no JSON");
}

TEST(json, travels_as_text_and_is_read_in_any_form) {
    const json document(R"({"a":1})");
    kin::cell c;
    kin::scratch memory;
    ASSERT_TRUE(kin::codec<json>::encode(document, kin::encoder{c, memory}));
    EXPECT_EQ(c.kind, kin::cell_kind::json);
    EXPECT_EQ(c.bytes(), R"({"a":1})");
    json out;
    EXPECT_TRUE(kin::codec<json>::decode(out, kin::cell::of_bytes("{ \"a\": 1 }", kin::cell_kind::json)));
    EXPECT_EQ(out, document);
    EXPECT_FALSE(kin::codec<json>::decode(out, kin::cell::of_bytes("{", kin::cell_kind::json)));
    EXPECT_FALSE(kin::codec<json>::decode(out, kin::cell::of_integer(1)));
}

} // namespace
