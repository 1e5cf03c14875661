// SPDX-License-Identifier: MIT
#include "kin/engine/error_completion.hpp"

#include <typeinfo>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"

namespace {

using kin::cell;
using kin::redact;

using strings = std::vector<std::string>;

TEST(redacting, shows_kind_and_size_of_a_value_and_never_its_content) {
    const cell values[] = {cell(),
                           cell::of_integer(7),
                           cell::of_real(1.5),
                           cell::of_integer(1, kin::cell_kind::boolean),
                           cell::of_text("hunter2"),
                           cell::of_bytes("abc"),
                           cell::of_integer(1, kin::cell_kind::date),
                           cell::of_integer(1, kin::cell_kind::timestamp)};
    EXPECT_EQ(redact(values),
              (strings{"null", "integer", "real", "boolean", "text(7)", "blob(3)", "date", "timestamp"}));
}

TEST(redacting, shows_the_beginning_of_a_long_list) {
    const std::vector<cell> values(1000);
    const strings shown = redact(values);
    ASSERT_EQ(shown.size(), 21U);
    EXPECT_EQ(shown.back(), "and 980 more");
}

template <class Error> class completed : public testing::Test {};
using database_errors =
    testing::Types<kin::database_error, kin::connection_error, kin::transaction_rollback,
                   kin::serialization_failure, kin::deadlock, kin::lock_timeout, kin::constraint_violation,
                   kin::unique_violation, kin::foreign_key_violation, kin::not_null_violation,
                   kin::check_violation, kin::data_error, kin::statement_error>;
TYPED_TEST_SUITE(completed, database_errors);

TYPED_TEST(completed, keeps_its_class_and_gets_the_statement) {
    try {
        try {
            throw TypeParam({.code = "c", .message = "m", .sql = {}, .table = "t"});
        } catch (const kin::error& e) {
            kin::rethrow_completed(e, "SELECT 1", {});
        }
    } catch (const kin::error& e) {
        EXPECT_EQ(typeid(e), typeid(TypeParam));
        EXPECT_EQ(e.sql(), "SELECT 1");
        EXPECT_EQ(e.code(), "c");
        EXPECT_EQ(e.table(), "t");
    }
}

} // namespace
