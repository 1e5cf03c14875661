// SPDX-License-Identifier: MIT
#include "kin/postgresql/arrays.hpp"

#include <gtest/gtest.h>

#include "kin/postgresql/types.hpp"

namespace {

using namespace kin::postgresql;

constexpr std::uint32_t text_array = 1009, int4_array = 1007, boolean_array = 1000, numeric_array = 1231;

TEST(postgresql_arrays, are_written_so_that_no_text_is_taken_for_a_sign) {
    EXPECT_EQ(literal_of_json("[]"), "{}");
    EXPECT_EQ(literal_of_json("[1,-2.5,null,true,false]"), "{1,-2.5,NULL,true,false}");
    EXPECT_EQ(literal_of_json(R"(["","NULL","a,b","{c}","\"","\\","\n","\u00e4"])"),
              "{\"\",\"NULL\",\"a,b\",\"{c}\",\"\\\"\",\"\\\\\",\"\n\",\"\xC3\xA4\"}");
    EXPECT_EQ(literal_of_json(" [ 1 , 2 ] "), "{1,2}");
    EXPECT_EQ(literal_of_json("{}"), std::nullopt);
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
    EXPECT_EQ(json_of_text_array(int4_array, "{1"), std::nullopt);
}

TEST(postgresql_arrays, have_elements_of_the_types_that_kin_reads) {
    EXPECT_EQ(element_of(text_array), text_type);
    EXPECT_EQ(element_of(int4_type), any_type);
}

} // namespace
