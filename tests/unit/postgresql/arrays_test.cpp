// SPDX-License-Identifier: MIT
#include "kin/postgresql/arrays.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/postgresql/types.hpp"

namespace {

using namespace kin::postgresql;

constexpr std::uint32_t text_array = 1009, int4_array = 1007, boolean_array = 1000, numeric_array = 1231;

std::string big_endian(std::int32_t number) {
    const auto bits = static_cast<std::uint32_t>(number);
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((bits >> shift) & 0xFFU);
    return out;
}

/// As the server sends an array: dimensions, flags, type; number and first position; then the elements, each with its size before it.
std::string binary(std::uint32_t element, const std::vector<std::string>& elements,
                   std::int32_t dimensions = 1) {
    std::string out = big_endian(dimensions) + big_endian(0) + big_endian(static_cast<std::int32_t>(element));
    if (dimensions > 0) out += big_endian(static_cast<std::int32_t>(elements.size())) + big_endian(1);
    for (const std::string& one : elements)
        out += one == "NULL" ? big_endian(-1) : big_endian(static_cast<std::int32_t>(one.size())) + one;
    return out;
}

TEST(postgresql_arrays, are_read_from_binary) {
    EXPECT_EQ(json_of_binary_array(binary(int4_type, {big_endian(1), "NULL", big_endian(-3)})),
              "[1,null,-3]");
    EXPECT_EQ(json_of_binary_array(binary(text_type, {"", "a\"b"})), R"(["","a\"b"])");
    EXPECT_EQ(json_of_binary_array(binary(int4_type, {}, 0)), "[]");
    EXPECT_EQ(json_of_binary_array(binary(int4_type, {big_endian(1)}, 2)), std::nullopt);
    EXPECT_EQ(json_of_binary_array(binary(int4_type, {"abc"})), std::nullopt) << "no integer";
    EXPECT_EQ(json_of_binary_array(binary(text_type, {"\xFF"})), std::nullopt) << "no text";
}

TEST(postgresql_arrays, that_are_cut_are_refused_wherever_the_cut_is) {
    const std::string whole = binary(int4_type, {big_endian(1), big_endian(2)});
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(json_of_binary_array(std::string_view(whole).substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(json_of_binary_array(whole), "[1,2]");
    const std::string_view text = R"({1,"2",NULL})";
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(json_of_text_array(int4_array, text.substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(json_of_text_array(int4_array, text), "[1,2,null]");
    const std::string_view json = R"([1,"a",null])";
    for (std::size_t size = 0; size < json.size(); ++size)
        EXPECT_EQ(literal_of_json(json.substr(0, size)), std::nullopt) << size;
}

TEST(postgresql_arrays, are_written_so_that_no_text_is_taken_for_a_sign) {
    EXPECT_EQ(literal_of_json("[]"), "{}");
    EXPECT_EQ(literal_of_json("[1,-2.5,null,true,false]"), "{1,-2.5,NULL,true,false}");
    EXPECT_EQ(literal_of_json(R"(["","NULL","a,b","{c}","\"","\\","\n","\u00e4"])"),
              "{\"\",\"NULL\",\"a,b\",\"{c}\",\"\\\"\",\"\\\\\",\"\n\",\"\xC3\xA4\"}");
    EXPECT_EQ(literal_of_json(" [ 1 , 2 ] "), "{1,2}");
    EXPECT_EQ(literal_of_json("\t[\r\n1\r\n,\t2\n]"), "{1,2}");
    for (const char* const wrong : {"{}", "[1 2]", "[1,]", "[,1]", "[tru]", "[x]", "[\"a]"})
        EXPECT_EQ(literal_of_json(wrong), std::nullopt) << wrong;
    EXPECT_EQ(literal_of_json("[[1]]"), std::nullopt);
    EXPECT_EQ(literal_of_json("[1"), std::nullopt);
}

TEST(postgresql_arrays, are_read_from_text) {
    EXPECT_EQ(json_of_text_array(int4_array, "{}"), "[]");
    EXPECT_EQ(json_of_text_array(int4_array, "{1,NULL,-3}"), "[1,null,-3]");
    EXPECT_EQ(json_of_text_array(int4_array, "[0:1]={1,2}"), "[1,2]");
    EXPECT_EQ(json_of_text_array(boolean_array, "{t,f}"), "[true,false]");
    EXPECT_EQ(json_of_text_array(numeric_array, "{12.50}"), "[\"12.5\"]");
    EXPECT_EQ(json_of_text_array(text_array, R"({"",NULL,"NULL","a,b","{c}","\"","\\",word})"),
              R"(["",null,"NULL","a,b","{c}","\"","\\","word"])");
    EXPECT_EQ(json_of_text_array(int4_array, "{{1,2},{3,4}}"), std::nullopt) << "of several dimensions";
    EXPECT_EQ(json_of_text_array(text_array, R"({a\,b,c\}d})"), R"(["a,b","c}d"])");
    for (const char* const wrong : {"", "1", "{1", "{1 2}", "{x}", "{\"1\"2}"})
        EXPECT_EQ(json_of_text_array(int4_array, wrong), std::nullopt) << wrong;
    EXPECT_EQ(json_of_text_array(text_array, "{\xFF}"), std::nullopt);
}

TEST(postgresql_arrays, have_elements_of_the_types_that_kin_reads) {
    EXPECT_EQ(element_of(text_array), text_type);
    EXPECT_EQ(element_of(int4_type), any_type);
}

} // namespace
