// SPDX-License-Identifier: MIT
#include "kin/mariadb/inspector.hpp"

#include <optional>
#include <string>
#include <vector>

#include "kin/engine/inspector.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::referential_action;
using names = std::vector<std::string>;

class mariadb_inspection : public kin::testing::mariadb_server {
protected:
    void SetUp() override {
        mariadb_server::SetUp();
        if (IsSkipped()) return;
        opened.emplace(open());
        lease.emplace(opened->connect());
        for (const char* sql :
             {"CREATE TABLE user (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL DEFAULT "
              "'John', age INT, "
              "CONSTRAINT uq_user_name UNIQUE (name))",
              "CREATE TABLE post (a INT, b INT, user_id INT NOT NULL, title LONGTEXT, PRIMARY KEY (b, a), "
              "CONSTRAINT fk_post_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE ON "
              "UPDATE RESTRICT)",
              "CREATE INDEX ix_post_title ON post (title(10), a)",
              "CREATE VIEW everybody AS SELECT * FROM user"}) {
            lease->execute(sql);
        }
        schema = opened->inspect(*lease);
    }
    void TearDown() override {
        schema.reset();
        lease.reset();
        opened.reset();
        mariadb_server::TearDown();
    }

    std::optional<engine> opened;
    std::optional<connection> lease;
    std::unique_ptr<kin::inspector> schema;
};

TEST_F(mariadb_inspection, tells_tables_and_not_views) {
    EXPECT_EQ(schema->table_names(), (names{"post", "user"}));
    EXPECT_TRUE(schema->has_table("user"));
    EXPECT_FALSE(schema->has_table("everybody"));
    EXPECT_FALSE(schema->has_table("nobody"));
}

TEST_F(mariadb_inspection, tells_columns_in_their_order) {
    const auto found = schema->columns("user");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].name, "id");
    EXPECT_EQ(found[0].type, "int(11)");
    EXPECT_EQ(found[0].key_position, 1U);
    EXPECT_FALSE(found[0].nullable);
    EXPECT_EQ(found[1].default_text, "'John'");
    EXPECT_EQ(found[2].default_text, std::nullopt);
    EXPECT_TRUE(found[2].nullable);
    const auto post = schema->columns("post");
    EXPECT_EQ(post[0].key_position, 2U);
    EXPECT_EQ(post[1].key_position, 1U);
    EXPECT_TRUE(schema->columns("nobody").empty());
}

TEST_F(mariadb_inspection, tells_the_indexes_that_create_index_made) {
    const auto found = schema->indexes("post");
    ASSERT_EQ(found.size(), 1U); // not the one that the foreign key brought
    EXPECT_EQ(found[0].name, "ix_post_title");
    EXPECT_EQ(found[0].columns, (names{"title", "a"}));
    EXPECT_FALSE(found[0].unique);
}

TEST_F(mariadb_inspection, tells_foreign_keys_and_uniques_with_their_names) {
    const auto found = schema->foreign_keys("post");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, "fk_post_user");
    EXPECT_EQ(found[0].columns, names{"user_id"});
    EXPECT_EQ(found[0].target_table, "user");
    EXPECT_EQ(found[0].target_columns, names{"id"});
    EXPECT_EQ(found[0].on_delete, referential_action::cascade);
    EXPECT_EQ(found[0].on_update, referential_action::restrict);
    const auto uniques = schema->uniques("user");
    ASSERT_EQ(uniques.size(), 1U);
    EXPECT_EQ(uniques[0].name, "uq_user_name");
    EXPECT_EQ(uniques[0].columns, names{"name"});
}

} // namespace
