// SPDX-License-Identifier: MIT
// Enumerations stored as enumerated types of the database, as text with a CHECK, and as text alone: the same results of every statement on every
// database.
#include <string>
#include <vector>

#include "integration/native_enum_models.hpp"
#include "kin/testing/statement_counter.hpp"

namespace {

using kin::col;
using namespace wardrobe;

/// With a row for each status and size.
class native_enum_rows : public native_enums {
protected:
    void SetUp() override {
        db.create_all<Shirt, Rate, Order>();
        for (const Status status : all_statuses) {
            for (const Size size : all_sizes)
                shirts.push_back(session.add(Shirt{.name = std::to_string(shirts.size()),
                                                   .status = status,
                                                   .size = size,
                                                   .sizes = {size, Size::large}}));
        }
        shirts.push_back(session.add(Shirt{.name = "none", .status = Status::published}));
        session.commit();
    }
    [[nodiscard]] std::int64_t count(const kin::predicate& condition) const {
        return db.session().query<Shirt>().where(condition).count();
    }

    kin::session session = db.session();
    std::vector<kin::ref<Shirt>> shirts;
};

TEST_F(native_enum_rows, come_back_as_they_went) {
    kin::session reader = db.session();
    for (const kin::ref<Shirt>& shirt : shirts) {
        const auto there = reader.get_one<Shirt>(shirt->id);
        EXPECT_EQ(there->status, shirt->status);
        EXPECT_EQ(there->size, shirt->size);
        EXPECT_EQ(there->sizes, shirt->sizes);
    }
    EXPECT_EQ(reader.select(col<&Shirt::status>, col<&Shirt::size>, col<&Shirt::sizes>)
                  .where(col<&Shirt::id> == shirts.front()->id)
                  .one(),
              (std::tuple(Status::draft, std::optional(Size::small), std::vector{Size::small, Size::large})));
    EXPECT_EQ(std::get<0>(reader.sql<std::string>("SELECT size FROM shirt WHERE name = '1'").one()),
              kin::enum_name(Size::medium));
    EXPECT_EQ(reader.sql<Status>("SELECT DISTINCT status FROM shirt").all().size(), 3u);
}

TEST_F(native_enum_rows, come_in_a_stream) {
    std::size_t i = 0;
    for (const auto& batch : session.query<Shirt>().order_by(col<&Shirt::id>).in_batches(3)) {
        for (const auto& shirt : batch) {
            EXPECT_EQ(shirt->status, shirts[i]->status);
            EXPECT_EQ(shirt->size, shirts[i]->size);
            EXPECT_EQ(shirt->sizes, shirts[i]->sizes);
            ++i;
        }
    }
    EXPECT_EQ(i, shirts.size());
}

TEST_F(native_enum_rows, are_found_by_every_condition) {
    EXPECT_EQ(count(col<&Shirt::status> == Status::published), 4);
    EXPECT_EQ(count(col<&Shirt::status> != Status::published), 6);
    EXPECT_EQ(count(col<&Shirt::size> == Size::medium), 3);
    EXPECT_EQ(count(col<&Shirt::size>.is_null()), 1);
    EXPECT_EQ(count(col<&Shirt::size> == std::optional<Size>()), 1);
    EXPECT_EQ(count(col<&Shirt::status>.in({Status::draft, Status::archived})), 6);
    EXPECT_EQ(count(col<&Shirt::status>.not_in({Status::draft})), 7);
    EXPECT_EQ(count(kin::coalesce(col<&Shirt::size>, Size::small) == Size::small), 4);
    EXPECT_EQ(count(col<&Shirt::status> == col<&Shirt::status>), 10);
    EXPECT_EQ(count(col<&Shirt::sizes> == std::vector{Size::medium, Size::large}), 3);
    EXPECT_EQ(count(col<&Shirt::sizes> == std::vector<Size>{}), 1);
}

TEST_F(native_enum_rows, are_found_by_lists_of_any_length) {
    std::vector<Status> many(40, Status::draft);
    EXPECT_EQ(count(col<&Shirt::status>.in(many)), 3);
    EXPECT_EQ(count(col<&Shirt::status>.not_in(many)), 7);
    many.push_back(Status::archived);
    EXPECT_EQ(count(col<&Shirt::status>.in(many)), 6);
    std::vector<std::optional<Size>> sizes(40, Size::medium);
    sizes.push_back(std::nullopt);
    EXPECT_EQ(count(col<&Shirt::size>.in(sizes)), 4);
    EXPECT_EQ(count(kin::coalesce(col<&Shirt::size>, Size::medium).in(std::vector<Size>(40, Size::medium))),
              4);
    // Texts beside them are texts.
    EXPECT_EQ(count(col<&Shirt::name>.in(std::vector<std::string>(40, "none"))), 1);
    EXPECT_EQ(count(kin::upper(col<&Shirt::name>).in(std::vector<std::string>(40, "NONE"))), 1);
    EXPECT_EQ(count(col<&Shirt::mood>.in(std::vector<Mood>(40, Mood::calm))), 10);
}

TEST_F(native_enum_rows, are_ordered_by_declaration_and_else_by_the_word) {
    std::vector<Status> order;
    for (const auto& [status] : session.select(col<&Shirt::status>).order_by(col<&Shirt::status>).all()) {
        if (order.empty() || order.back() != status) order.push_back(status);
    }
    if (has(kin::feature::native_enums))
        EXPECT_EQ(order, std::vector(std::begin(all_statuses), std::end(all_statuses)));
    else
        EXPECT_EQ(order, (std::vector{Status::archived, Status::draft, Status::published}));
}

TEST_F(native_enum_rows, are_grouped) {
    const auto groups = session.select(col<&Shirt::status>, kin::count())
                            .group_by(col<&Shirt::status>)
                            .having(kin::count() > 3)
                            .all();
    ASSERT_EQ(groups.size(), 1u);
    EXPECT_EQ(groups.front(), (std::tuple(Status::published, std::int64_t{4})));
    EXPECT_EQ(std::get<0>(session.select(kin::count_distinct(col<&Shirt::size>)).one()), 3);
}

TEST_F(native_enum_rows, are_updated_alone_and_together) {
    shirts[0]->status = Status::archived;
    shirts[0]->history = {{Status::draft, std::nullopt, Status::archived}};
    session.commit();
    // Each row gets values of its own, in the same columns.
    kin::testing::statement_counter counter{db};
    const auto after = [](auto value) {
        return static_cast<decltype(value)>((static_cast<int>(value) + 1) % 3);
    };
    for (std::size_t i = 0; i < shirts.size(); ++i) {
        shirts[i]->status = after(shirts[i]->status);
        shirts[i]->size =
            i % 4 == 3 ? std::nullopt : std::optional(after(shirts[i]->size.value_or(Size::small)));
        shirts[i]->sizes.assign(3 * (i % 2), all_sizes[i % 3]);
        shirts[i]->history = {{all_statuses[i % 3], std::nullopt}};
        shirts[i]->mood = Mood::wild;
    }
    session.commit();
    const bool together = db.engine().dialect().limits().fewest_rows_per_update <= shirts.size();
    EXPECT_EQ(counter.count(), together ? 1u : shirts.size());
    kin::session reader = db.session();
    for (std::size_t i = 0; i < shirts.size(); ++i) {
        const auto there = reader.get_one<Shirt>(shirts[i]->id);
        EXPECT_EQ(there->status, shirts[i]->status) << i;
        EXPECT_EQ(there->size, shirts[i]->size) << i;
        EXPECT_EQ(there->sizes, shirts[i]->sizes) << i;
        EXPECT_EQ(there->history, shirts[i]->history) << i;
        EXPECT_EQ(there->mood, Mood::wild) << i;
    }
}

TEST_F(native_enum_rows, are_updated_and_removed_by_set) {
    EXPECT_EQ(session.execute(kin::update<Shirt>()
                                  .set(col<&Shirt::status>, Status::archived)
                                  .set(col<&Shirt::size>, Size::small)
                                  .where(col<&Shirt::status> == Status::draft)),
              3);
    EXPECT_EQ(session.execute(kin::update<Shirt>()
                                  .set(col<&Shirt::size>, kin::coalesce(col<&Shirt::size>, Size::large))
                                  .where(col<&Shirt::size>.is_null())),
              1);
    session.commit();
    EXPECT_EQ(count(col<&Shirt::status> == Status::archived), 6);
    EXPECT_EQ(count(col<&Shirt::size>.is_null()), 0);
    EXPECT_EQ(session.execute(kin::remove_from<Shirt>().where(col<&Shirt::status>.in({Status::archived}))),
              6);
    for (const auto& [status] : session.execute(
             kin::insert<Shirt>({{.name = "r", .status = Status::archived}}).returning(col<&Shirt::status>)))
        EXPECT_EQ(status, Status::archived);
}

TEST_F(native_enum_rows, are_inserted_in_great_numbers) {
    std::vector<Shirt> rows;
    for (std::size_t i = 0; i < 1'500; ++i) {
        rows.push_back({.name = "many",
                        .status = all_statuses[i % 3],
                        .size = i % 4 == 3 ? std::nullopt : std::optional(all_sizes[i % 3]),
                        .sizes = {}});
    }
    EXPECT_EQ(session.execute(kin::insert(rows)), 1'500);
    session.commit();
    db.create_all<Coat>();
    std::vector<Coat> coats;
    for (std::size_t i = 0; i < 1'500; ++i) coats.push_back({.name = "c", .status = all_statuses[1 + i % 2]});
    kin::testing::statement_counter counter{db};
    EXPECT_EQ(session.execute(kin::insert(coats)), 1'500);
    const bool copies = kin::testing::test_dialect() == "postgresql";
    EXPECT_EQ(counter.statements().front().starts_with("COPY"), copies);
    session.commit();
    EXPECT_EQ(count(col<&Shirt::name> == "many" && col<&Shirt::status> == Status::archived), 500);
    EXPECT_EQ(count(col<&Shirt::name> == "many" && col<&Shirt::size>.is_null()), 375);
    EXPECT_EQ(db.session().query<Coat>().where(col<&Coat::status> == Status::archived).count(), 750);
}

TEST_F(native_enum_rows, are_keys_and_foreign_keys) {
    for (const Size size : all_sizes) {
        auto rate = session.add(Rate{.size = size, .cents = 100});
        for (int i = 0; i < 3; ++i) rate->orders.push_back(kin::make(Order{.count = i}));
    }
    session.commit();
    kin::session reader = db.session();
    kin::testing::statement_counter counter{db};
    std::vector<kin::ref<Rate>> rates = reader.query<Rate>().all();
    ASSERT_EQ(rates.size(), 3u);
    for (const kin::ref<Rate>& rate : rates) {
        EXPECT_EQ(rate->orders.size(), 3u);
        for (const auto& order : rate->orders) EXPECT_EQ(order->rate_size, rate->size);
    }
    EXPECT_EQ(counter.count(), 2u);
    EXPECT_EQ(reader.get_one<Rate>(Size::large)->cents, 100);
    EXPECT_EQ(reader.query<Order>().where(col<&Order::rate>.has(col<&Rate::size> == Size::medium)).count(),
              3);
    // The other way, for many at once.
    kin::session other = db.session();
    for (const kin::ref<Order>& order : other.query<Order>().all())
        EXPECT_EQ(order->rate->size, order->rate_size);
    // Rows found by such a key get values of their own.
    for (kin::ref<Rate>& rate : rates) rate->cents = rate->size == Size::small ? 1 : 2;
    reader.commit();
    EXPECT_EQ(db.session().get_one<Rate>(Size::small)->cents, 1);
    reader.remove(rates.front()->orders.front());
    for (auto& order : reader.query<Order>().all()) reader.remove(order);
    for (auto& rate : rates) reader.remove(rate);
    reader.commit();
    EXPECT_EQ(db.session().query<Rate>().count(), 0);
}

TEST_F(native_enums, are_keys_on_one_side_of_many_to_many) {
    db.create_all<Label, Box>();
    kin::session s = db.session();
    for (const Status status : all_statuses) {
        auto label = s.add(Label{.status = status});
        for (int i = 0; i < 2; ++i) label->boxes.push_back(s.add(Box{}));
    }
    s.commit();
    kin::session reader = db.session();
    for (auto& label : reader.query<Label>().all()) {
        ASSERT_EQ(label->boxes.size(), 2u);
        EXPECT_EQ(label->boxes.front()->labels.front()->status, label->status);
        label->boxes.clear();
    }
    reader.commit();
    EXPECT_TRUE(db.session().get_one<Label>(Status::archived)->boxes.empty());
    db.drop_all<Label, Box>();
    EXPECT_FALSE(find_type("status"));
}

TEST_F(native_enums, change_hands_where_they_may_be_null) {
    db.create_all<Slot, Place>();
    kin::session s = db.session();
    auto first = s.add(Place{.status = Status::draft});
    auto second = s.add(Place{.status = Status::archived});
    auto slot = s.add(Slot{.status = Status::draft});
    auto other = s.add(Slot{.status = Status::archived});
    s.commit();
    first->status = Status::archived;
    second->status = Status::draft;
    s.commit();
    EXPECT_EQ(db.session().get_one<Place>(second->id)->status, Status::draft);
    // Every word may be another row's.
    slot->status = Status::archived;
    other->status = Status::draft;
    try {
        s.flush();
        FAIL() << "nothing was thrown";
    } catch (const kin::state_error& e) {
        EXPECT_EQ(e.code(), "unique_ring");
    }
}

TEST_F(native_enums, take_the_default_of_the_database) {
    db.create_all<Coat>();
    kin::session s = db.session();
    auto coat = s.add(Coat{.name = "a"});
    s.commit();
    EXPECT_EQ(coat->status, Status::published);
}

TEST_F(native_enums, are_parameters_of_raw_sql) {
    db.create_all<Coat>();
    kin::session s = db.session();
    s.add(Coat{.name = "a", .status = Status::archived});
    s.commit();
    EXPECT_EQ(std::get<0>(s.sql<std::string>("SELECT name FROM coat WHERE status = :status",
                                             {{"status", Status::archived}})
                              .one()),
              "a");
}

/// PostgreSQL is not asked for the types of parameters and columns then.
TEST_F(native_enums, need_no_prepared_statements) {
    if (kin::testing::test_dialect() != "postgresql") GTEST_SKIP() << "an option of PostgreSQL's";
    const kin::database plain{kin::testing::fresh_url("prepare=off")};
    plain.create_all<Shirt>();
    kin::session s = plain.session();
    std::vector<kin::ref<Shirt>> both;
    for (const Size size : {Size::small, Size::medium})
        both.push_back(
            s.add(Shirt{.size = size, .sizes = {size}, .history = {{Status::draft, std::nullopt}}}));
    s.commit();
    for (auto& shirt : both) {
        shirt->status = shirt->size == Size::small ? Status::archived : Status::published;
        shirt->sizes.push_back(Size::large);
    }
    s.commit();
    kin::session reader = plain.session();
    for (const auto& shirt : reader.query<Shirt>()
                                 .where(col<&Shirt::status>.in(std::vector<Status>(20, Status::archived)) &&
                                        col<&Shirt::size> == Size::small)
                                 .all()) {
        EXPECT_EQ(shirt->sizes, (std::vector{Size::small, Size::large}));
        EXPECT_EQ(shirt->history, (std::vector{std::optional(Status::draft), std::optional<Status>()}));
    }
    EXPECT_EQ(
        reader.query<Shirt>().where(col<&Shirt::sizes> == std::vector{Size::small, Size::large}).count(), 1);
}

} // namespace
