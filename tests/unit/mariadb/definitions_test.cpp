// SPDX-License-Identifier: MIT
// create_all and drop_all where every definition commits.
#include <string>
#include <vector>

#include "kin/engine/inspector.hpp"
#include "kin/schema/metadata.hpp"
#include "unit/engine/database_help.hpp"
#include "unit/mariadb/server.hpp"

namespace {

using kin::connection;
using kin::engine;
using kin::metadata;
using kin::table;
using kin::type_kind;
using kin::testing::code_of;
using names = std::vector<std::string>;

/// A table with a key, and a reference to `target` when it has a name.
void fill(table& t, const std::string& target = {}) {
    t.add_column({.name = "id",
                  .type = {.kind = type_kind::integer, .bits = 32},
                  .primary_key = true,
                  .generated = true});
    if (target.empty()) return;
    t.add_column({.name = "other_id", .type = {.kind = type_kind::integer, .bits = 32}, .nullable = true});
    t.foreign_keys.push_back({.name = {}, .columns = {1}, .target_table = target, .target_columns = {"id"}});
}

class mariadb_definitions : public kin::testing::mariadb_server {
protected:
    static names tables_of(const engine& e) {
        connection c = e.connect();
        return e.inspect(c)->table_names();
    }
};

TEST_F(mariadb_definitions, tables_that_refer_to_each_other_are_created_and_dropped) {
    const engine e = open();
    table player("player");
    table team("team");
    fill(player, "team");
    fill(team, "player");
    metadata all;
    all.add(player);
    all.add(team);
    e.create_all(all);
    EXPECT_EQ(tables_of(e), (names{"player", "team"}));
    {
        connection c = e.connect();
        EXPECT_EQ(e.inspect(c)->foreign_keys("player").size(), 1U);
        EXPECT_EQ(e.inspect(c)->foreign_keys("team").size(), 1U);
    }
    e.create_all(all); // they are there already
    e.drop_all(all);
    EXPECT_EQ(tables_of(e), names{});
}

TEST_F(mariadb_definitions, what_was_created_before_an_error_is_dropped_again) {
    const engine e = open();
    table first("first");
    table second("second");
    table bad("third");
    fill(first);
    fill(second, "first");
    fill(bad, "second");
    bad.checks.push_back({.name = {}, .expression = "nosuch > 0"});
    metadata all;
    for (const table* t : {&first, &second, &bad}) all.add(*t);
    EXPECT_NE(code_of([&] { e.create_all(all); }), "");
    EXPECT_EQ(tables_of(e), names{});
}

TEST_F(mariadb_definitions, tables_that_were_there_before_an_error_stay) {
    const engine e = open();
    table first("first");
    table bad("second");
    fill(first);
    fill(bad, "first");
    bad.checks.push_back({.name = {}, .expression = "nosuch > 0"});
    metadata one;
    one.add(first);
    e.create_all(one);
    e.connect().execute("INSERT INTO first VALUES (1)");
    metadata both;
    both.add(first);
    both.add(bad);
    EXPECT_NE(code_of([&] { e.create_all(both); }), "");
    EXPECT_EQ(tables_of(e), names{"first"});
}

TEST_F(mariadb_definitions, T68_texts_compare_byte_by_byte_with_the_spaces_at_their_end) {
    const engine e = open();
    table t("word");
    t.add_column({.name = "text", .type = {.kind = type_kind::text}, .primary_key = true});
    metadata all;
    all.add(t);
    e.create_all(all);
    connection c = e.connect();
    EXPECT_EQ(c.execute("INSERT INTO word VALUES ('a'), ('A'), ('a '), ('\xC3\xA4')"), 4);
    EXPECT_EQ(c.execute("SELECT * FROM word WHERE text = 'a'"), 1);
}

} // namespace
