// SPDX-License-Identifier: MIT
#include "kin/mapping/attribute.hpp"

#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

// kin::col<&Class::member>: what a member becomes in SQL.

namespace {

using graph::Book;
using graph::Page;
using graph::Shelf;
using kin::col;

class attribute : public testing::Test {
protected:
    attribute() { db.create_all<Shelf, Book, Page>(); }
    /// The WHERE and what follows of the query for books.
    std::string where(const kin::predicate& condition) {
        counter.reset();
        (void)session.query<Book>().where(condition).all();
        const std::string sql = counter.statements().at(0);
        return sql.substr(sql.find(" WHERE ") + 7);
    }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(attribute, a_column_is_quoted_and_its_value_bound) {
    EXPECT_EQ(where(col<&Book::title> == "x"), R"("book"."title" = ?)");
    EXPECT_EQ(where(col<&Book::shelf_id> == std::nullopt), R"("book"."shelf_id" IS NULL)");
}

TEST_F(attribute, any_and_has_are_exists) {
    EXPECT_EQ(where(col<&Book::pages>.any()),
              R"(EXISTS (SELECT 1 FROM "page" WHERE "page"."book_id" = "book"."id"))");
    EXPECT_EQ(
        where(col<&Book::shelf>.has(col<&Shelf::name> == "x")),
        R"(EXISTS (SELECT 1 FROM "shelf" WHERE "book"."shelf_id" = "shelf"."id" AND "shelf"."name" = ?))");
}

TEST_F(attribute, a_reference_compares_its_key) {
    const auto shelf = session.add(graph::shelf());
    session.flush();
    EXPECT_EQ(where(col<&Book::shelf> == shelf), R"("book"."shelf_id" = ?)");
    EXPECT_EQ(where(col<&Book::shelf> == nullptr), R"("book"."shelf_id" IS NULL)");
    EXPECT_EQ(where(col<&Book::shelf> != nullptr), R"(NOT ("book"."shelf_id" IS NULL))");
}

TEST_F(attribute, not_equal_to_an_object_leaves_out_rows_without_one_as_sql_does) {
    const auto shelf = session.add(graph::shelf());
    const auto other = session.add(graph::shelf());
    for (const auto& on : {shelf, other, kin::ref<Shelf>()}) session.add(graph::book("b", on));
    session.flush();
    EXPECT_EQ(session.query<Book>().where(col<&Book::shelf> != shelf).count(), 1);
}

TEST_F(attribute, a_tree_asks_about_itself_without_mixing_up_its_two_rows) {
    const auto shelf = session.add(graph::shelf("one"));
    (void)graph::page("p", graph::book("b", shelf));
    session.flush();
    EXPECT_EQ(session.query<Shelf>()
                  .where(col<&Shelf::books>.any(col<&Book::pages>.any(col<&Page::id> > 0)))
                  .count(),
              1);
    EXPECT_EQ(session.query<Page>()
                  .where(col<&Page::book>.has(col<&Book::shelf>.has(col<&Shelf::id> == 1)))
                  .count(),
              1);
}

struct Folder {
    int id = 0;
    std::string name;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder, "parent"> folders;
};

TEST(attribute_of_a_tree, any_and_has_tell_the_row_from_its_parent) {
    kin::database db{kin::testing::fresh_url()};
    db.create_all<Folder>();
    kin::session session = db.session();
    const auto root = session.add(Folder{.name = "root"});
    const auto inner = kin::make(Folder{.name = "inner", .parent = root});
    (void)kin::make(Folder{.name = "leaf", .parent = inner});
    session.commit();
    const auto names = [&](const kin::predicate& p) {
        std::string all;
        for (const auto& f : session.query<Folder>().where(p).order_by(col<&Folder::id>))
            all += f->name + " ";
        return all;
    };
    EXPECT_EQ(names(col<&Folder::folders>.any()), "root inner ");
    EXPECT_EQ(names(!col<&Folder::folders>.any()), "leaf ");
    EXPECT_EQ(names(col<&Folder::folders>.any(col<&Folder::name> == "leaf")), "inner ");
    EXPECT_EQ(names(col<&Folder::parent>.has(col<&Folder::name> == "root")), "inner ");
    EXPECT_EQ(names(col<&Folder::parent> == nullptr), "root ");
    EXPECT_EQ(names(col<&Folder::parent> == inner), "leaf ");
    EXPECT_EQ(names(col<&Folder::folders>.contains(inner)), "root ");
    EXPECT_EQ(names(col<&Folder::parent>.has(col<&Folder::parent>.has())), "leaf ");
}

} // namespace
