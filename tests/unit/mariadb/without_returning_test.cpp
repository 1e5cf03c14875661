// SPDX-License-Identifier: MIT
// How kin writes for MySQL and for MariaDB before 10.5: told that the server is an old one, by a server that understands both.
#include <string>

#include "kin/kin.hpp"
#include "kin/mariadb/dialect.hpp"
#include "kin/testing/statement_counter.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

struct Item {
    kin::primary_key<int> id;
    kin::varchar<20> name;
};

struct Order {
    kin::primary_key<int> id;
    kin::field<int, kin::server_default{"7"}> place;
};

class mariadb_without_returning : public kin::testing::mariadb_server {
protected:
    void pretend(const kin::database& db) {
        const auto& dialect = dynamic_cast<const kin::mariadb::mariadb_dialect&>(db.engine().dialect());
        dialect.learn({.is_mariadb = true, .version = 100400});
        ASSERT_FALSE(dialect.supports(kin::feature::returning));
    }
};

TEST_F(mariadb_without_returning, every_new_row_is_written_alone_and_its_key_is_the_last_one_made) {
    kin::database db{url_with()};
    db.create_all<Item>();
    pretend(db);
    kin::session session = db.session();
    const auto a = session.add(Item{.name = "a"});
    const auto b = session.add(Item{.name = "b"});
    const kin::testing::statement_counter counter{db};
    session.commit();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(a->id, 1);
    EXPECT_EQ(b->id, 2);
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Item>(2)->name, "b");
}

TEST_F(mariadb_without_returning, keys_that_the_program_sets_need_no_asking) {
    kin::database db{url_with()};
    db.create_all<Item>();
    pretend(db);
    kin::session session = db.session();
    session.add(Item{.id = 5, .name = "a"});
    session.add(Item{.id = 6, .name = "b"});
    const kin::testing::statement_counter counter{db};
    session.commit();
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(mariadb_without_returning, another_value_that_the_server_makes_cannot_be_had) {
    kin::database db{url_with()};
    db.create_all<Order>();
    pretend(db);
    kin::session session = db.session();
    session.add(Order{});
    const auto failure = kin::testing::caught<kin::compile_error>([&] { session.flush(); });
    EXPECT_EQ(failure.code(), "unsupported_feature");
    EXPECT_EQ(failure.column(), "place");
}

} // namespace
