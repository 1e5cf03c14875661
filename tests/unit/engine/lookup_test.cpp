// SPDX-License-Identifier: MIT
#include "kin/engine/lookup.hpp"

#include <future>
#include <string>
#include <vector>

#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::look_up;
using kin::needs_lookup;
using kin::testing::caught;
using kin::testing::code_of;
using addresses = std::vector<std::string>;
using clock_type = std::chrono::steady_clock;

TEST(lookup, gives_the_addresses_in_their_order) {
    const auto found =
        look_up("db", clock_type::now() + std::chrono::seconds(20), [](const std::string& host) {
            EXPECT_EQ(host, "db");
            return addresses{"10.0.0.1", "::1"};
        });
    EXPECT_EQ(found, (addresses{"10.0.0.1", "::1"}));
}

TEST(lookup, that_gives_no_answer_is_left_alone_after_the_deadline) {
    auto release = std::make_shared<std::promise<void>>();
    auto done = std::make_shared<std::promise<void>>();
    const auto begin = clock_type::now();
    const auto found = look_up("db", begin + std::chrono::milliseconds(50), [=](const std::string&) {
        release->get_future().wait();
        done->set_value();
        return addresses{"10.0.0.1"};
    });
    EXPECT_EQ(found, std::nullopt);
    EXPECT_LT(clock_type::now() - begin, std::chrono::seconds(10));
    release->set_value(); // the thread ends after all, and disturbs nobody
    done->get_future().wait();
}

TEST(lookup, passes_its_error_on) {
    const auto wrong = [](const std::string&) -> addresses {
        throw kin::connection_error({.code = "cannot_connect", .message = "no such host", .sql = {}});
    };
    EXPECT_EQ(code_of([&] { (void)look_up("db", clock_type::now() + std::chrono::seconds(20), wrong); }),
              "cannot_connect");
    const auto e = caught<kin::connection_error>([] { (void)kin::system_addresses("nowhere.invalid"); });
    EXPECT_EQ(e.code(), "cannot_connect");
    EXPECT_NE(e.message().find("nowhere.invalid"), std::string::npos);
}

TEST(lookup, is_for_names_only) {
    for (const char* host : {"localhost", "db.example.org", "127.1"}) EXPECT_TRUE(needs_lookup(host)) << host;
    for (const char* host : {"", "127.0.0.1", "::1", "/run/postgresql", "@abstract"})
        EXPECT_FALSE(needs_lookup(host)) << host;
}

} // namespace
