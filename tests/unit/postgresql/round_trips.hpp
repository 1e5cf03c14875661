// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "kin/engine/url.hpp"
#include "kin/kin.hpp"
#include "support/tcp_proxy.hpp"
#include "support/test_database.hpp"

namespace kin::testing {

/// Counts the server's ReadyForQuery: each is the end of a round trip that the client waited for.
class round_trip_counter {
public:
    void take(proxy_way way, std::string_view piece) {
        if (way != proxy_way::to_client) return;
        const std::lock_guard guard(mutex_);
        unread_.append(piece);
        std::size_t at = 0;
        while (unread_.size() - at >= 5) {
            std::size_t size = 0;
            for (std::size_t i = 1; i <= 4; ++i)
                size = (size << 8U) | static_cast<unsigned char>(unread_[at + i]);
            if (unread_.size() - at < size + 1) break;
            if (unread_[at] == 'Z') ++count_;
            at += size + 1;
        }
        unread_.erase(0, at);
    }
    [[nodiscard]] int since_last() {
        const int now = count_;
        return now - std::exchange(seen_, now);
    }

private:
    std::mutex mutex_;
    std::string unread_;
    std::atomic<int> count_ = 0;
    int seen_ = 0;
};

/// A database on PostgreSQL with one connection, and the round trips on it.
class round_trip_test : public ::testing::Test {
protected:
    void SetUp() override {
        if (test_dialect() != "postgresql") GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        url where = url::parse(fresh_url("sslmode=disable"));
        outside.emplace(where.to_string_with_password());
        proxy.emplace(where.port);
        proxy->watch([this](proxy_way way, std::string_view piece) { trips.take(way, piece); });
        where.port = proxy->port();
        db.emplace(where.to_string_with_password(), engine_options{.pool_size = 1, .max_overflow = 0});
        create_tables();
    }
    void TearDown() override {
        db.reset();
        outside.reset();
        if (proxy) proxy->watch({});
    }
    virtual void create_tables() = 0;
    /// The round trips of `work`. It is done once before, so that its statements are prepared.
    template <class F> int trips_of(F&& work) {
        work();
        (void)trips.since_last();
        work();
        return trips.since_last();
    }

    std::optional<tcp_proxy> proxy;
    round_trip_counter trips;
    std::optional<kin::database> db;
    std::optional<kin::database> outside; // the same one, by connections that are not counted
};

} // namespace kin::testing
