// SPDX-License-Identifier: MIT
#include "kin/postgresql/advisory_lock.hpp"

#include <string>
#include <thread>

#include "kin/kin.hpp"
#include "kin/postgresql/listener.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::postgresql::advisory_lock;
using kin::postgresql::lock_key;
using kin::testing::caught;
using kin::testing::code_of;

class postgresql_advisory_lock : public testing::Test {
protected:
    void SetUp() override {
        if (kin::testing::test_dialect() != "postgresql")
            GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
        db.emplace(kin::testing::fresh_url(), kin::engine_options{.pool_timeout_ms = 500});
        name = "kin " + std::to_string(getpid());
    }
    [[nodiscard]] bool is_free() const {
        return advisory_lock::try_lock(db->engine(), lock_key(name)).has_value();
    }

    std::optional<kin::database> db;
    std::string name; // locks belong to the database, which other tests use at the same time
};

TEST_F(postgresql_advisory_lock, is_held_as_long_as_it_lives) {
    EXPECT_TRUE(is_free());
    {
        advisory_lock alone{db->engine(), lock_key(name)};
        EXPECT_TRUE(alone.is_held());
        EXPECT_FALSE(is_free());
        advisory_lock moved = std::move(alone);
        EXPECT_FALSE(is_free());
        EXPECT_FALSE(alone.is_held()); // NOLINT: a moved-from lock holds nothing
        EXPECT_TRUE(moved.is_held());
    }
    EXPECT_TRUE(is_free());
    EXPECT_EQ(db->engine().pool_status().holders.size(), 0U);
}

TEST_F(postgresql_advisory_lock, is_waited_for_as_long_as_was_said) {
    std::optional<advisory_lock> first(std::in_place, db->engine(), lock_key(name));
    const auto e = caught<kin::lock_timeout>([&] { advisory_lock second(db->engine(), lock_key(name), 50); });
    EXPECT_EQ(e.code(), "advisory_lock_busy");
    EXPECT_EQ(code_of([&] { advisory_lock second(db->engine(), lock_key(name), 0); }), "advisory_lock_busy");
    std::thread other([&] { first.reset(); });
    advisory_lock second{db->engine(), lock_key(name), 20'000};
    other.join();
    EXPECT_TRUE(second.is_held());
    EXPECT_EQ(db->engine().pool_status().holders.size(), 1U);
}

TEST_F(postgresql_advisory_lock, goes_with_its_connection) {
    advisory_lock alone{db->engine(), lock_key(name)};
    db->session().execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND "
                          "(CAST(classid AS BIGINT) << 32 | CAST(objid AS BIGINT)) = " +
                          std::to_string(lock_key(name).number()));
    EXPECT_FALSE(alone.is_held());
    EXPECT_TRUE(is_free());
}

TEST_F(postgresql_advisory_lock, of_a_transaction_ends_with_it) {
    for (const bool commits : {true, false}) {
        kin::session session = db->session();
        kin::session other = db->session();
        kin::postgresql::lock_transaction(session, lock_key(name));
        EXPECT_FALSE(kin::postgresql::try_lock_transaction(other, lock_key(name)));
        commits ? session.commit() : session.rollback();
        EXPECT_TRUE(kin::postgresql::try_lock_transaction(other, lock_key(name)));
    }
    EXPECT_TRUE(is_free());
}

TEST_F(postgresql_advisory_lock, what_needs_a_session_is_refused_behind_a_pooler) {
    kin::database pooled{kin::testing::fresh_url("prepare=off")};
    EXPECT_EQ(code_of([&] { advisory_lock alone(pooled.engine(), 1); }), "no_session");
    EXPECT_EQ(code_of([&] { kin::postgresql::listener hears{pooled.engine()}; }), "no_session");
    kin::session session = pooled.session();
    EXPECT_TRUE(kin::postgresql::try_lock_transaction(session, lock_key(name)));
}

TEST(postgresql_lock_key, of_a_name_never_changes) {
    EXPECT_EQ(lock_key("nightly report").number(), lock_key(std::string_view("nightly report")).number());
    EXPECT_EQ(lock_key("").number(), static_cast<std::int64_t>(0xCBF29CE484222325));
    EXPECT_EQ(lock_key(42).number(), 42);
    EXPECT_NE(lock_key("a").number(), lock_key("b").number());
}

} // namespace
