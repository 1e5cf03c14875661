// SPDX-License-Identifier: MIT
// Columns whose type is the program's own words: PostgreSQL finds a value's type out beside the column, and nothing else must be said of it.
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/test_database.hpp"

namespace {

struct Host {
    kin::primary_key<int> id;
    std::string address;
    int port = 0;
};
void describe(kin::mapping<Host>& m) { m.column<&Host::address>().type("INET"); }

TEST(postgresql_foreign_types, are_listed_and_updated_with_many_values) {
    if (kin::testing::test_dialect() != "postgresql")
        GTEST_SKIP() << "KIN_TEST_URL is not that of a PostgreSQL server";
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Host>();
    kin::session s = db.session();
    std::vector<std::string> addresses;
    std::vector<kin::ref<Host>> hosts;
    for (int i = 0; i < 20; ++i) {
        addresses.push_back("10.0.0." + std::to_string(i));
        hosts.push_back(s.add(Host{.address = addresses.back()}));
    }
    s.commit();
    for (int i = 0; i < 20; ++i) {
        addresses[static_cast<std::size_t>(i)] = "10.1.0." + std::to_string(i);
        hosts[static_cast<std::size_t>(i)]->address = addresses[static_cast<std::size_t>(i)];
        hosts[static_cast<std::size_t>(i)]->port = i + 1;
    }
    s.commit();
    EXPECT_EQ(s.query<Host>().where(kin::col<&Host::address>.in(addresses)).count(), 20);
    EXPECT_EQ(std::get<0>(
                  s.sql<int>("SELECT count(*) FROM host WHERE address << '10.1.0.0/16' AND port > 0").one()),
              20);
}

} // namespace
