// SPDX-License-Identifier: MIT
#include "kin/mapping/mapper.hpp"

#include <thread>

#include "support/test_database.hpp"
#include "unit/mapping/graph.hpp"

// What a mapper knows of a class, and the faults that it reports.

namespace {

using graph::Book;
using graph::Shelf;

TEST(mapper, knows_table_columns_and_relationships) {
    const kin::mapper& m = kin::detail::configured_mapper<Book>();
    EXPECT_EQ(m.class_name(), "Book");
    EXPECT_EQ(m.table().name(), "book");
    ASSERT_EQ(m.properties().size(), 3U);
    EXPECT_EQ(m.properties()[2].column->name, "shelf_id");
    EXPECT_TRUE(m.properties()[2].column->nullable);
    EXPECT_TRUE(m.has_generated_key());
    ASSERT_EQ(m.relationships().size(), 2U);
    const kin::relationship& shelf = *m.find_relationship("shelf");
    EXPECT_EQ(shelf.inverse, kin::mapper_of<Shelf>().find_relationship("books"));
    EXPECT_EQ(shelf.inverse->inverse, &shelf);
    EXPECT_FALSE(shelf.required);
    EXPECT_TRUE(m.find_relationship("pages")->required);
    EXPECT_EQ(m.find_relationship("nothing"), nullptr);
    EXPECT_EQ(m.find_property("nothing"), nullptr);
}

TEST(mapper, indexes_foreign_keys_by_itself) {
    const auto& indexes = kin::detail::configured_mapper<Book>().table().indexes;
    ASSERT_EQ(indexes.size(), 1U);
    EXPECT_EQ(indexes[0].columns, (std::vector<std::uint32_t>{2}));
}

// One class with every fault that only the configuration can see.
struct Wrong;
struct Target {
    std::string name; // no key
    kin::has_many<Wrong> wrongs;
};
struct Wrong {
    std::optional<int> id;
    kin::field<std::string, kin::column_name{"same"}> first;
    kin::field<std::string, kin::column_name{"same"}> second;
    kin::foreign_key<&Target::name> target_name;
    kin::belongs_to<Target> target;
};
void describe(kin::mapping<Target>& m) {
    m.relationship<&Target::wrongs>().cascade(kin::cascade::delete_orphan);
}
void describe(kin::mapping<Wrong>& m) {
    m.relationship<&Wrong::target>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

TEST(mapper, reports_all_faults_at_once_and_every_time) {
    kin::database db{kin::testing::fresh_url()};
    for (int time = 0; time < 2; ++time) {
        try {
            db.create_all<Target>();
            FAIL() << "nothing was thrown";
        } catch (const kin::mapping_error& e) {
            EXPECT_EQ(e.code(), "mapping_error");
            const std::string text(e.message());
            for (const char* fault :
                 {"Target: no primary key", "member id is a std::optional", "stored in column same",
                  "wrongs: delete_orphan needs remove", "target: delete_orphan belongs on the has_many side"})
                EXPECT_NE(text.find(fault), std::string::npos) << fault << "\nin\n" << text;
        }
    }
    EXPECT_THROW((void)kin::make<Wrong>(), kin::mapping_error);
    EXPECT_THROW((void)db.session().query<Target>(), kin::mapping_error);
}

template <int N> struct Numbered {
    int id = 0;
    std::string text;
};

TEST(mapper, of_one_class_is_made_once_whichever_thread_asks_first) {
    const kin::mapper* seen[8] = {};
    std::vector<std::thread> threads;
    for (auto& one : seen)
        threads.emplace_back([&one] { one = &kin::detail::configured_mapper<Numbered<1>>(); });
    for (auto& t : threads) t.join();
    for (const auto* one : seen) EXPECT_EQ(one, seen[0]);
}

} // namespace
