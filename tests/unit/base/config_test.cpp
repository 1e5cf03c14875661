// SPDX-License-Identifier: MIT
#include "kin/base/config.hpp"

#include <gtest/gtest.h>

#include <string>

static_assert(KIN_VERSION == KIN_VERSION_MAJOR * 10000 + KIN_VERSION_MINOR * 100 + KIN_VERSION_PATCH);

TEST(config, the_version_is_the_same_in_numbers_and_in_words) {
    EXPECT_EQ(std::string(KIN_VERSION_STRING), std::to_string(KIN_VERSION_MAJOR) + "." +
                                                   std::to_string(KIN_VERSION_MINOR) + "." +
                                                   std::to_string(KIN_VERSION_PATCH));
}
