// SPDX-License-Identifier: MIT
#include "kin/mapping/relationship.hpp"

#include "support/test_database.hpp"
#include "unit/orm/world.hpp"

// What `describe` can say about relationships: handlers, on_delete, positions, views, keyed maps, keys of several columns, write_only.

namespace {

using blog::caught;
using blog::code_of;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> heard;

struct Line;
struct Note;
struct Step;
struct Log;

struct Order {
    std::string shop;
    int number = 0;
    std::string text;
    kin::has_many<Line> lines;
    static constexpr auto kin_options = kin::options(kin::key_of<&Order::shop, &Order::number>);
};

/// Refers to an order by both columns of its key.
struct Line {
    kin::primary_key<int> id;
    kin::foreign_key<&Order::shop> order_shop;
    kin::foreign_key<&Order::number> order_number;
    kin::belongs_to<Order> order;
    std::string what;
};

struct Owner {
    kin::primary_key<int> id;
    std::string name;
    kin::has_map<Note, "keyword"> notes;
    kin::view_many<Note> long_notes;
    kin::has_many<Step> steps;
    kin::has_many<Log> logs;
};

struct Note {
    kin::primary_key<int> id;
    kin::varchar<20> keyword;
    std::string text;
    std::optional<kin::foreign_key<&Owner::id>> owner_id;
    kin::belongs_to<Owner> owner;
};

struct Step {
    kin::primary_key<int> id;
    std::string name;
    int place = 0;
    std::optional<kin::foreign_key<&Owner::id>> owner_id;
    kin::belongs_to<Owner> owner;
    static constexpr auto kin_options = kin::options(kin::unique_together<&Step::owner_id, &Step::place>);
};

struct Log {
    kin::primary_key<int> id;
    std::string line;
    kin::foreign_key<&Owner::id> owner_id;
    kin::belongs_to<Owner> owner;
};

void describe(kin::mapping<Owner>& m) {
    m.relationship<&Owner::notes>()
        .on_link([](const kin::ref<Owner>& owner, const kin::ref<Note>& note) {
            if (note->text == "forbidden") throw std::invalid_argument("forbidden");
            heard.push_back(owner->name + " + " + note->keyword.get());
        })
        .on_unlink([](const kin::ref<Owner>& owner, const kin::ref<Note>& note) {
            heard.push_back(owner->name + " - " + note->keyword.get());
        });
    m.relationship<&Owner::long_notes>().on([] {
        return kin::col<&Note::owner_id> == kin::col<&Owner::id> && kin::col<&Note::text>.like("abcdef%");
    });
    m.relationship<&Owner::steps>().position(kin::col<&Step::place>);
    m.relationship<&Owner::logs>().lazy(kin::loader_strategy::write_only).on_delete(kin::on_delete::cascade);
}
void describe(kin::mapping<Note>& m) {
    m.relationship<&Note::owner>().on_link([](const kin::ref<Note>& note, const kin::ref<Owner>& owner) {
        heard.push_back(note->keyword.get() + " -> " + (owner ? owner->name : "nobody"));
    });
}

class relationship_options : public testing::Test {
protected:
    relationship_options() {
        db.create_all<Order, Line, Owner, Note, Step, Log>();
        heard.clear();
        counter.reset();
    }
    std::vector<std::string> statements_of(auto&& work) {
        counter.reset();
        work();
        return counter.statements();
    }
    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    kin::ref<Owner> owner(std::string_view name = "Ann") {
        return session.add(Owner{.name = std::string(name)});
    }
    static kin::ref<Note> note(std::string_view keyword, std::string_view text = "") {
        return kin::make(Note{.keyword = keyword, .text = std::string(text)});
    }
    static std::string steps_of(const kin::ref<Owner>& o) {
        std::string text;
        for (const auto& s : o->steps) text += s->name + std::to_string(s->place);
        return text;
    }

    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(relationship_options, A25_handlers_hear_each_change_once_from_whichever_side) {
    auto ann = owner("Ann");
    auto bob = owner("Bob");
    auto n = note("k");
    ann->notes.push_back(n);
    EXPECT_THAT(heard, ElementsAre("k -> Ann", "Ann + k"));
    heard.clear();
    n->owner = bob;
    EXPECT_THAT(heard, ElementsAre("k -> Bob", "Ann - k", "Bob + k"));
    heard.clear();
    n->owner = bob;
    EXPECT_THAT(heard, IsEmpty());
    bob->notes.erase(n);
    EXPECT_THAT(heard, ElementsAre("k -> nobody", "Bob - k"));
}

TEST_F(relationship_options, T9_replacing_a_collection_tells_of_each_removed_object_once) {
    auto ann = owner();
    ann->notes = {note("a"), note("b")};
    auto c = note("c");
    heard.clear();
    ann->notes = {c};
    EXPECT_EQ(std::count(heard.begin(), heard.end(), "Ann - a"), 1);
    EXPECT_EQ(std::count(heard.begin(), heard.end(), "Ann - b"), 1);
    EXPECT_EQ(std::count(heard.begin(), heard.end(), "Ann + c"), 1);
}

TEST_F(relationship_options, T6_a_handler_that_throws_stops_the_change_from_either_side) {
    auto ann = owner();
    auto bad = note("k", "forbidden");
    EXPECT_THROW(ann->notes.push_back(bad), std::invalid_argument);
    EXPECT_THROW(bad->owner = ann, std::invalid_argument);
    EXPECT_TRUE(ann->notes.empty());
    EXPECT_EQ(bad->owner, nullptr);
    EXPECT_FALSE(session.contains(bad));
    EXPECT_THROW((void)kin::make(Note{.text = "forbidden", .owner = ann}), std::invalid_argument);
    EXPECT_TRUE(ann->notes.empty());
    session.commit();
}

TEST_F(relationship_options, loading_tells_nobody) {
    owner()->notes.push_back(note("k"));
    session.commit();
    heard.clear();
    kin::session reader = db.session();
    EXPECT_EQ(reader.get_one<Owner>(1)->notes.size(), 1U);
    EXPECT_THAT(heard, IsEmpty());
}

TEST_F(relationship_options, H10_a_map_finds_by_the_member_that_is_the_key) {
    auto ann = owner();
    auto todo = note("todo");
    ann->notes.insert(todo);
    ann->notes.push_back(note("done"));
    EXPECT_EQ(ann->notes.find("todo"), todo);
    EXPECT_FALSE(ann->notes.find("nothing"));
    auto other = note("todo");
    ann->notes.insert(other); // takes the place
    EXPECT_EQ(ann->notes.find("todo"), other);
    EXPECT_EQ(todo->owner, nullptr);
    other->keyword = "changed";
    EXPECT_EQ(ann->notes.find("changed"), other);
    EXPECT_FALSE(ann->notes.contains_key("todo"));
    session.commit();
    kin::session reader = db.session();
    EXPECT_TRUE(reader.get_one<Owner>(1)->notes.contains_key("changed"));
    EXPECT_TRUE(ann->notes.erase_key("done"));
    EXPECT_FALSE(ann->notes.erase_key("done"));
}

TEST_F(relationship_options, K5_a_view_shows_what_its_condition_says_and_writes_nothing) {
    auto ann = owner("Ann");
    auto bob = owner("Bob");
    ann->notes.push_back(note("short", "abc"));
    ann->notes.push_back(note("long", "abcdefgh"));
    bob->notes.push_back(note("long too", "abcdefgh"));
    session.commit();
    kin::session reader = db.session();
    counter.reset();
    const auto owners = reader.query<Owner>().order_by(kin::col<&Owner::id>).all();
    ASSERT_EQ(owners[0]->long_notes.size(), 1U);
    EXPECT_EQ(owners[0]->long_notes[0]->keyword, "long");
    EXPECT_EQ(owners[1]->long_notes.size(), 1U);
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(reader.query<Owner>()
                  .where(kin::col<&Owner::long_notes>.any(kin::col<&Note::keyword> == "long"))
                  .count(),
              1);
    reader.remove(owners[0]);
    reader.flush();
    reader.rollback();
    EXPECT_TRUE(owner("New")->long_notes.empty());
}

TEST_F(relationship_options, H14_a_list_keeps_positions_from_both_sides) {
    auto ann = owner();
    for (const char* name : {"a", "b", "c"}) ann->steps.push_back(kin::make(Step{.name = name}));
    EXPECT_EQ(steps_of(ann), "a0b1c2");
    session.commit();
    ann->steps.move(2, 0);
    EXPECT_EQ(steps_of(ann), "c0a1b2");
    session.commit();
    ann->steps.insert(1, kin::make(Step{.name = "x"}));
    EXPECT_EQ(steps_of(ann), "c0x1a2b3");
    session.commit();
    const auto first = ann->steps[0];
    session.remove(first);
    session.commit();
    auto second = ann->steps[0];
    second->owner = nullptr;
    EXPECT_EQ(steps_of(ann), "a0b1");
    second->owner = ann;
    EXPECT_EQ(steps_of(ann), "a0b1x2");
    session.commit();
    kin::session reader = db.session();
    EXPECT_EQ(steps_of(reader.get_one<Owner>(1)), "a0b1x2");
}

TEST_F(relationship_options, rollback_restores_the_order_of_positions) {
    auto ann = owner();
    for (const char* name : {"a", "b", "c"}) ann->steps.push_back(kin::make(Step{.name = name}));
    session.commit();
    ann->steps.move(0, 2);
    session.flush();
    ann->steps.move(0, 1);
    session.rollback();
    EXPECT_EQ(steps_of(ann), "a0b1c2");
    EXPECT_THAT(statements_of([&] { session.commit(); }), IsEmpty());
}

TEST_F(relationship_options, a_list_with_positions_loads_before_it_changes) {
    auto ann = owner();
    for (const char* name : {"a", "b"}) ann->steps.push_back(kin::make(Step{.name = name}));
    session.commit();
    kin::session other = db.session();
    auto step = other.add(kin::make(Step{.name = "c"}));
    step->owner = other.get_one<Owner>(1);
    EXPECT_EQ(step->place, 2);
    other.commit();
}

TEST_F(relationship_options, a_foreign_key_of_several_columns_joins_load_and_sync) {
    auto order = session.add(Order{.shop = "N", .number = 7, .text = "x"});
    session.add(Order{.shop = "S", .number = 7});
    order->lines.push_back(kin::make(Line{.what = "pen"}));
    auto ink = kin::make(Line{.what = "ink"});
    ink->order = order;
    session.commit();
    EXPECT_EQ(ink->order_shop, "N");
    EXPECT_EQ(ink->order_number, 7);
    kin::session reader = db.session();
    counter.reset();
    std::string text;
    for (const auto& o : reader.query<Order>().order_by(kin::col<&Order::shop>))
        text += o->shop + std::to_string(o->lines.size());
    EXPECT_EQ(text, "N2S0");
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(reader.get_one<Line>(1)->order->text, "x");
    EXPECT_EQ(code_of([&] {
                  session.execute("INSERT INTO line (order_shop, order_number, what) VALUES ('N', 8, '')");
              }),
              "foreign_key_violation");
}

TEST_F(relationship_options, K1_K2_write_only_is_never_loaded) {
    auto made = owner();
    session.commit();
    kin::session s = db.session();
    auto ann = s.get_one<Owner>(1);
    ann->logs.push_back(kin::make(Log{.line = "one"}));
    auto two = kin::make(Log{.line = "two"});
    two->owner = ann;
    EXPECT_EQ(code_of([&] { (void)ann->logs.size(); }), "lazy_load");
    EXPECT_EQ(code_of([&] { (void)ann->logs.begin(); }), "lazy_load");
    EXPECT_EQ(ann->logs.count(), 2U);
    EXPECT_TRUE(ann->logs.contains(two));
    EXPECT_EQ(s.query(ann->logs).where(kin::col<&Log::line> == "one").count(), 1);
    EXPECT_THAT(
        statements_of([&] { EXPECT_EQ(s.query(ann->logs).order_by(kin::col<&Log::id>).all().size(), 2U); }),
        SizeIs(1));
    s.commit();
    EXPECT_EQ(code_of([&] { ann->logs = {}; }), "lazy_load"); // K2
    s.remove(ann);
    for (const std::string& sql : statements_of([&] { s.commit(); }))
        EXPECT_FALSE(sql.starts_with("SELECT \"log\""));
    EXPECT_EQ(stored("SELECT count(*) FROM log"), 0);
}

TEST_F(relationship_options, K4_a_collection_is_a_query_like_another) {
    auto ann = owner("Ann");
    auto bob = owner("Bob");
    for (int i = 0; i < 5; ++i) ann->notes.push_back(note("n" + std::to_string(i)));
    bob->notes.push_back(note("b"));
    const auto some = session.query(ann->notes).order_by(kin::col<&Note::keyword>.desc()).limit(2).all();
    ASSERT_EQ(some.size(), 2U);
    EXPECT_EQ(some[0]->keyword, "n4");
    EXPECT_EQ(session.query(bob->notes).one()->keyword, "b");
}

} // namespace
