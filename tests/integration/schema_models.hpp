// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kin/engine/inspector.hpp"
#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

// A shop whose tables lie in two schemas and in the connection's own, and a database with these schemas.

namespace shop {

/// The schemas' names, of this process alone.
inline const std::string& sales() {
    static const std::string name = "kin_sales_" + std::to_string(getpid());
    return name;
}
inline const std::string& archive() {
    static const std::string name = "kin_archive_" + std::to_string(getpid());
    return name;
}

enum class Status { open, paid };

struct Order;
struct Tag;
struct OldOrder;

struct Customer {
    kin::primary_key<int> id;
    kin::varchar<40> name;
    kin::has_many<Order> orders;
};
inline void describe(kin::mapping<Customer>& m) {
    m.schema(sales());
    m.table("customers");
    m.column<&Customer::name>().unique();
}

struct Order {
    kin::primary_key<int> id;
    int number = 0;
    Status status = Status::open;
    kin::foreign_key<&Customer::id> customer_id;
    kin::belongs_to<Customer> customer;
    kin::many_to_many<Tag> tags;
    kin::view_many<OldOrder> earlier; // of the same number, in a table of the same name
};
inline void describe(kin::mapping<Order>& m);

struct Tag {
    kin::primary_key<int> id;
    kin::varchar<40> word;
    kin::many_to_many<Order> orders;
};
inline void describe(kin::mapping<Tag>& m) { m.schema(sales()); }

/// The same names again: in another schema, and in none.
struct OldOrder {
    kin::primary_key<int> id;
    int number = 0;
};
inline void describe(kin::mapping<OldOrder>& m) {
    m.schema(archive());
    m.table("orders");
}
struct Draft {
    kin::primary_key<int> id;
    int number = 0;
};
inline void describe(kin::mapping<Draft>& m) { m.table("orders"); }

inline void describe(kin::mapping<Order>& m) {
    m.schema(sales());
    m.table("orders");
    m.relationship<&Order::earlier>().on(
        [] { return kin::col<&OldOrder::number> == kin::col<&Order::number>; });
}

/// Rows that refer to rows of their own table, by a key that changes.
struct Folder {
    kin::primary_key<kin::varchar<20>> path;
    std::optional<kin::foreign_key<&Folder::path>> parent_path;
    kin::belongs_to<Folder> parent;
};
inline void describe(kin::mapping<Folder>& m) { m.schema(sales()); }

/// From the connection's own schema into another one, and back.
struct Visit;
struct Guest {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Visit, int>> last_visit_id;
};
inline void describe(kin::mapping<Guest>& m) { m.schema(sales()); }
struct Visit {
    kin::primary_key<int> id;
    kin::foreign_key<&Guest::id> guest_id;
    kin::belongs_to<Guest> guest;
};

/// Linked across schemas.
struct Guild;
struct Badge {
    kin::primary_key<int> id;
    kin::many_to_many<Guild> guilds;
};
inline void describe(kin::mapping<Badge>& m) { m.schema(sales()); }
struct Guild {
    kin::primary_key<int> id;
    kin::many_to_many<Badge> badges;
};

} // namespace shop

template <> inline constexpr kin::enum_storage kin::enum_stored_as<shop::Status> = kin::enum_storage::native;

namespace shop {

/// An empty database with empty schemas beside it; on SQLite they are attached.
class schemas : public testing::Test {
protected:
    schemas() : db(open()) {
        if (kin::testing::on_sqlite()) return;
        kin::connection c = db.engine().connect();
        for (const std::string& name : {sales(), archive()}) c.execute("CREATE SCHEMA " + name);
    }
    ~schemas() override {
        if (kin::testing::on_sqlite()) return;
        kin::connection c = db.engine().connect();
        if (kin::testing::on_mariadb()) c.execute("SET FOREIGN_KEY_CHECKS = 0");
        for (const std::string& name : {sales(), archive()})
            c.execute("DROP SCHEMA " + name + (kin::testing::on_mariadb() ? "" : " CASCADE"));
    }

    [[nodiscard]] bool has(kin::feature f) const { return db.engine().dialect().supports(f); }
    void run(const std::string& sql) const { db.engine().connect().execute(sql); }
    /// The first value of the first row.
    [[nodiscard]] std::int64_t ask(const std::string& sql) const {
        return std::get<0>(db.session().sql<std::int64_t>(sql).one());
    }

    kin::database db;

private:
    static kin::database open() {
        if (!kin::testing::on_sqlite()) return kin::database{kin::testing::fresh_url()};
        return kin::database{kin::testing::fresh_url(), {.on_connect = [](kin::connection& c) {
                                 for (const std::string& name : {sales(), archive()})
                                     c.execute("ATTACH ':memory:' AS " + name);
                             }}};
    }
};

} // namespace shop
