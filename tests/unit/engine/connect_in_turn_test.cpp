// SPDX-License-Identifier: MIT
#include "kin/engine/connect_in_turn.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit/engine/database_help.hpp"

namespace {

using kin::attempt_end;
using kin::connect_in_turn;
using kin::connect_target;
using kin::connect_targets;
using kin::testing::caught;
using addresses = std::vector<std::string>;
using targets = std::vector<connect_target>;
using std::chrono::milliseconds;
using std::chrono::seconds;
using steady = std::chrono::steady_clock;

addresses two_of_each(const std::string& host) {
    if (host == "nowhere")
        throw kin::connection_error({.code = "cannot_connect", .message = "no such host", .sql = {}});
    return {host + ".1", host + ".2"};
}

const targets three = {{.host = "db", .address = "10.0.0.1"},
                       {.host = "db", .address = "10.0.0.2"},
                       {.host = "10.0.0.3", .address = {}}};

TEST(connect_targets, are_the_addresses_of_every_name_and_what_needs_no_look_up) {
    EXPECT_EQ(connect_targets({"a", "10.0.0.3", "b"}, kin::deadline_in(20'000), two_of_each),
              (targets{{.host = "a", .address = "a.1"},
                       {.host = "a", .address = "a.2"},
                       {.host = "10.0.0.3", .address = {}},
                       {.host = "b", .address = "b.1"},
                       {.host = "b", .address = "b.2"}}));
}

TEST(connect_targets, without_a_name_that_nobody_knows_when_there_are_others) {
    EXPECT_EQ(connect_targets({"nowhere", "10.0.0.3"}, kin::deadline_in(20'000), two_of_each),
              (targets{{.host = "10.0.0.3", .address = {}}}));
    const auto e = caught<kin::connection_error>([] {
        static_cast<void>(connect_targets({"nowhere", "nowhere"}, kin::deadline_in(20'000), two_of_each));
    });
    EXPECT_EQ(e.message(), "no such host");
}

TEST(connect_targets, a_look_up_that_hangs_leaves_time_for_the_next_host) {
    auto release = std::make_shared<std::promise<void>>();
    auto done = std::make_shared<std::promise<void>>();
    const auto hangs_at_a = [=](const std::string& host) {
        if (host == "b") return addresses{"b.1"};
        release->get_future().wait();
        done->set_value();
        return addresses{"a.1"};
    };
    const auto begin = steady::now();
    EXPECT_EQ(connect_targets({"a", "b"}, begin + milliseconds(200), hangs_at_a),
              (targets{{.host = "b", .address = "b.1"}}));
    EXPECT_LT(steady::now() - begin, seconds(10));
    release->set_value();
    done->get_future().wait();
}

TEST(connect_targets, are_none_when_no_look_up_ends_in_time) {
    auto release = std::make_shared<std::promise<void>>();
    auto done = std::make_shared<std::promise<void>>();
    const auto hangs_at_a = [=](const std::string& host) {
        if (host != "a") return two_of_each(host);
        release->get_future().wait();
        done->set_value();
        return addresses{"a.1"};
    };
    EXPECT_EQ(connect_targets({"nowhere", "a"}, kin::deadline_in(50), hangs_at_a), std::nullopt);
    release->set_value();
    done->get_future().wait();
}

TEST(connecting_in_turn, ends_with_the_first_that_answers) {
    addresses tried;
    EXPECT_EQ(connect_in_turn(three, kin::deadline_in(20'000),
                              [&](const connect_target& t, kin::steady_time) -> attempt_end {
                                  tried.push_back(t.place());
                                  return {.is_connected = tried.size() == 2, .reason = "refused"};
                              }),
              "");
    EXPECT_EQ(tried, (addresses{"10.0.0.1", "10.0.0.2"}));
}

TEST(connecting_in_turn, tells_of_every_target_why_it_cannot_be_reached) {
    EXPECT_EQ(connect_in_turn(three, kin::deadline_in(0),
                              [](const connect_target& t, kin::steady_time) -> attempt_end {
                                  if (t.place() == "10.0.0.2") return {false, "10.0.0.2 is closed"};
                                  return {.is_connected = false, .reason = "refused"};
                              }),
              "10.0.0.1: refused; 10.0.0.2 is closed; 10.0.0.3: refused");
}

TEST(connecting_in_turn, gives_each_an_equal_part_of_the_time_that_is_left) {
    std::vector<std::int64_t> allowed_ms;
    const auto words = connect_in_turn(three, kin::deadline_in(30'000),
                                       [&](const connect_target&, kin::steady_time until) -> attempt_end {
                                           allowed_ms.push_back(kin::ms_until(until));
                                           return {}; // at once, so the time goes to those behind
                                       });
    ASSERT_EQ(allowed_ms.size(), 3U);
    constexpr std::int64_t loaded_machine_ms = 5'000;
    for (std::size_t n = 0; n < 3; ++n) {
        const std::int64_t share = 30'000 / static_cast<std::int64_t>(3 - n);
        EXPECT_LE(allowed_ms[n], share);
        EXPECT_GT(allowed_ms[n], share - loaded_machine_ms);
    }
    EXPECT_EQ(words.find("10.0.0.1: no answer within "), 0U) << words;
}

TEST(connecting_in_turn, has_no_bound_when_there_is_none) {
    EXPECT_EQ(kin::ms_until(kin::deadline_in(0)), 0);
    EXPECT_EQ(kin::fair_share(kin::deadline_in(0), 3), kin::deadline_in(0));
    EXPECT_EQ(kin::ms_until(steady::now() - seconds(1)), 1); // 0 would be for ever
}

TEST(connecting_in_turn, what_a_server_refuses_is_not_tried_elsewhere) {
    int attempts = 0;
    const auto refused = [&](const connect_target&, kin::steady_time) -> attempt_end {
        ++attempts;
        throw std::runtime_error("wrong password");
    };
    EXPECT_THROW(static_cast<void>(connect_in_turn(three, kin::deadline_in(20'000), refused)),
                 std::runtime_error);
    EXPECT_EQ(attempts, 1);
}

} // namespace
