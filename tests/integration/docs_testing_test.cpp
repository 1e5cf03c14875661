// SPDX-License-Identifier: MIT
// The code of docs/guide/testing.md.
#include "kin/testing/statement_counter.hpp"

#include <gtest/gtest.h>

#include "docs_blog_models.hpp"
#include "kin/engine/driver.hpp"
#include "kin/engine/make_engine.hpp"
#include "kin/sqlite/driver.hpp"
#include "kin/testing/dialect_suite.hpp"
#include "unit/engine/database_help.hpp"

namespace docs {
namespace {

class observer final : public kin::statement_observer {
public:
    void executed(const kin::statement_event& event) noexcept override { total_ns += event.duration_ns; }
    std::int64_t total_ns = 0;
};

TEST(docs_testing, statements_are_counted) {
    const kin::database db = filled_blog();
    // [counter]
    kin::testing::statement_counter counter{db};
    kin::session session = db.session();
    for (const auto& user : session.query<User>()) EXPECT_EQ(user->posts.size(), 2u);

    EXPECT_EQ(counter.count(), 2u); // BEGIN and COMMIT are not counted; counter.transactions() counts BEGINs
    EXPECT_EQ(counter.statements()[0], R"(SELECT "user"."id", "user"."name", "user"."bio" FROM "user")");
    counter.reset();
    // [/counter]
    EXPECT_EQ(counter.count(), 0u);
}

/// Stands for a driver of somebody else's.
std::unique_ptr<const kin::driver> make_my_driver(const kin::url& where) {
    return kin::sqlite::make_driver(where);
}

TEST(docs_testing, a_driver_is_checked_by_the_suite) {
    const kin::testing::temporary_directory folder;
    const std::string address = folder.url();
    std::vector<std::string> faults;
    // [suite]
    const kin::testing::dialect_suite suite([&] { // each check gets an engine, and leaves the database empty
        const kin::url where = kin::url::parse(address);
        return kin::make_engine(where, {}, make_my_driver(where)); // a std::unique_ptr<const kin::driver>
    });
    for (const kin::testing::check_result& result : suite.run_all("writing.")) { // run_all(): all groups
        if (result.outcome == kin::testing::check_outcome::failed) faults.push_back(to_string(result));
    }
    // [/suite]
    EXPECT_EQ(faults, std::vector<std::string>());
}

TEST(docs_testing, a_database_for_one_test) {
    // [fixture]
    const kin::database db{"sqlite:///:memory:"}; // goes with the variable
    db.create_all<User, Post, Comment>();
    // [/fixture]
    EXPECT_EQ(db.session().query<User>().count(), 0);
}

TEST(docs_testing, statements_of_one_session_are_observed) {
    const kin::database db = filled_blog();
    // [observer]
    observer times; // class observer : public kin::statement_observer { executed(...) adds durations }
    kin::session session = db.session({.observer = &times});
    (void)session.query<User>().all();
    EXPECT_GT(times.total_ns, 0);
    // [/observer]
}

} // namespace
} // namespace docs
