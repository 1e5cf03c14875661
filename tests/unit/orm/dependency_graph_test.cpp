// SPDX-License-Identifier: MIT
#include "kin/orm/dependency_graph.hpp"

#include "support/test_database.hpp"
#include "unit/orm/world.hpp"

// A flush that thinks: unique values that are freed and taken, rings of rows, in one commit and few statements.

namespace {

using blog::caught;
using blog::code_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

struct Seat {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
    std::optional<kin::field<int, kin::unique>> number;
};

/// A key that the program makes.
struct Country {
    kin::primary_key<std::string> code;
    kin::field<std::string, kin::unique> name;
};

struct Player;
struct Team {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
    std::optional<kin::forward_key<Player, int>> captain_id;
    kin::belongs_to<Player, "captain_id"> captain;
    kin::has_many<Player> players;
};
struct Player {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
    kin::has_many<Team> captain_of;
};

/// Knows itself, or its best friend.
struct Person {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Person, int>> friend_id;
    kin::belongs_to<Person> best_friend;
};

struct Entry {
    kin::primary_key<int> id;
    int list = 0;
    int position = 0;
    static constexpr auto kin_options = kin::options(kin::unique_together<&Entry::list, &Entry::position>);
};

struct Hen;
struct Egg {
    kin::primary_key<int> id;
    kin::forward_key<Hen, int> hen_id;
    kin::belongs_to<Hen, "hen_id"> hen;
};
struct Hen {
    kin::primary_key<int> id;
    kin::foreign_key<&Egg::id> egg_id;
    kin::belongs_to<Egg> egg;
};

/// Always knows somebody.
struct Hermit {
    kin::primary_key<std::string> name;
    kin::foreign_key<&Hermit::name> knows_name;
    kin::belongs_to<Hermit> knows;
};

enum class Side { left, right };
struct Door {
    kin::primary_key<int> id;
    kin::field<Side, kin::unique> side;
};

class flush_order : public testing::Test {
protected:
    flush_order() {
        db.create_all<Seat, Country, Team, Player, Person, Entry>();
        for (const char* name : {"A", "B", "C"}) seats.push_back(session.add(Seat{.name = name}));
        session.commit();
        counter.reset();
    }
    [[nodiscard]] bool checks_at_end() const {
        return db.engine().dialect().supports(kin::feature::foreign_keys_at_end);
    }
    std::vector<std::string> commit() {
        counter.reset();
        session.commit();
        return counter.statements();
    }
    template <class T = std::string> std::vector<T> column(std::string_view sql) {
        kin::session reader = db.session();
        std::vector<T> out;
        for (auto& [v] : reader.sql<T>(sql)) out.push_back(v);
        return out;
    }
    std::vector<std::string> names() { return column("SELECT name FROM seat ORDER BY id"); }

    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
    std::vector<kin::ref<Seat>> seats;
};

TEST_F(flush_order, two_unique_names_are_swapped_with_three_updates) {
    seats[0]->name = "B";
    seats[1]->name = "A";
    EXPECT_THAT(commit(), SizeIs(3));
    EXPECT_THAT(names(), ElementsAre("B", "A", "C"));
    EXPECT_THAT(commit(), testing::IsEmpty());
}

TEST_F(flush_order, a_rotation_takes_one_update_more_than_rows) {
    seats[0]->name = "B";
    seats[1]->name = "C";
    seats[2]->name = "A";
    EXPECT_THAT(commit(), SizeIs(4));
    EXPECT_THAT(names(), ElementsAre("B", "C", "A"));
}

TEST_F(flush_order, a_chain_is_written_from_its_free_end) {
    seats[0]->name = "B";
    seats[1]->name = "C";
    seats[2]->name = "D";
    EXPECT_THAT(commit(), SizeIs(3));
    EXPECT_THAT(names(), ElementsAre("B", "C", "D"));
}

TEST_F(flush_order, a_value_that_may_be_null_is_parked_as_null) {
    seats[0]->number = 1;
    seats[1]->number = 2;
    session.commit();
    seats[0]->number = 2;
    seats[1]->number = 1;
    EXPECT_THAT(commit(), SizeIs(3));
    EXPECT_THAT(column<std::int64_t>("SELECT number FROM seat WHERE number > 0 ORDER BY id"),
                ElementsAre(2, 1));
}

TEST_F(flush_order, rollback_of_a_swap_restores_both) {
    seats[0]->name = "B";
    seats[1]->name = "A";
    session.flush();
    EXPECT_EQ(seats[0]->name, "B");
    session.rollback();
    EXPECT_EQ(seats[0]->name, "A");
    EXPECT_EQ(seats[1]->name, "B");
    EXPECT_THAT(names(), ElementsAre("A", "B", "C"));
    EXPECT_THAT(commit(), testing::IsEmpty());
}

TEST_F(flush_order, positions_rotate_under_a_constraint_of_two_columns) {
    std::vector<kin::ref<Entry>> entries;
    for (int i = 0; i < 4; ++i) entries.push_back(session.add(Entry{.list = 7, .position = i}));
    session.commit();
    // The last becomes the first.
    for (int i = 0; i < 4; ++i) entries[static_cast<std::size_t>(i)]->position = (i + 1) % 4;
    EXPECT_THAT(commit(), SizeIs(6)); // four rows, one parked, and what number is free
    EXPECT_THAT(column<std::int64_t>("SELECT position FROM entry ORDER BY id"), ElementsAre(1, 2, 3, 0));
}

TEST_F(flush_order, L14_a_row_is_replaced_by_another_with_the_same_unique_value) {
    session.remove(seats[0]);
    auto fresh = session.add(Seat{.name = "A"});
    const auto sent = commit();
    ASSERT_THAT(sent, SizeIs(2));
    EXPECT_THAT(sent[0], StartsWith("DELETE"));
    EXPECT_THAT(sent[1], StartsWith("INSERT"));
    EXPECT_THAT(names(), ElementsAre("B", "C", "A"));
}

TEST_F(flush_order, a_value_that_a_changed_row_frees_can_be_inserted) {
    seats[0]->name = "Z";
    session.add(Seat{.name = "A"});
    EXPECT_THAT(commit(), SizeIs(2));
    EXPECT_THAT(names(), ElementsAre("Z", "B", "C", "A"));
}

TEST_F(flush_order, a_replaced_row_may_hand_its_children_over) {
    auto old = session.add(Team{.name = "Reds"});
    auto player = session.add(kin::make(Player{.name = "P", .team = old}));
    session.commit();
    // The new one needs the name, the player needs the new one, the old one waits for the player.
    auto fresh = kin::make(Team{.name = "Reds"});
    player->team = fresh;
    session.remove(old);
    EXPECT_THAT(commit(), SizeIs(4));
    EXPECT_THAT(column<std::int64_t>("SELECT team_id FROM player"), ElementsAre(fresh->id));
    EXPECT_THAT(column("SELECT name FROM team"), ElementsAre("Reds"));
}

TEST_F(flush_order, L15_a_removed_row_and_a_new_one_with_its_primary_key_become_an_update) {
    auto old = session.add(Country{.code = "FR", .name = "Frankreich"});
    session.commit();
    session.remove(old);
    auto fresh = session.add(Country{.code = "FR", .name = "France"});
    EXPECT_THAT(commit(), ElementsAre("UPDATE \"country\" SET \"name\" = ? WHERE \"code\" = ?"));
    EXPECT_EQ(session.get<Country>("FR"), fresh);
    EXPECT_EQ(kin::state_of(old), kin::object_state::detached);
    EXPECT_THAT(column("SELECT name FROM country"), ElementsAre("France"));
}

TEST_F(flush_order, rollback_of_a_replaced_row_brings_the_old_object_back) {
    auto old = session.add(Country{.code = "FR", .name = "Frankreich"});
    session.commit();
    session.remove(old);
    auto fresh = session.add(Country{.code = "FR", .name = "France"});
    session.flush();
    session.rollback();
    EXPECT_EQ(kin::state_of(old), kin::object_state::persistent);
    EXPECT_EQ(old->name, "Frankreich");
    EXPECT_EQ(kin::state_of(fresh), kin::object_state::transient);
    EXPECT_EQ(fresh->name, "France");
    EXPECT_EQ(fresh->code, "FR");
    EXPECT_EQ(session.get<Country>("FR"), old);
}

TEST_F(flush_order, primary_keys_can_be_swapped) {
    auto a = session.add(Country{.code = "AA", .name = "a"});
    auto b = session.add(Country{.code = "BB", .name = "b"});
    session.commit();
    a->code = "BB";
    b->code = "AA";
    EXPECT_THAT(commit(), SizeIs(3));
    EXPECT_THAT(column("SELECT code FROM country ORDER BY name"), ElementsAre("BB", "AA"));
    EXPECT_EQ(session.get<Country>("BB"), a);
    EXPECT_EQ(session.get<Country>("AA"), b);
    a->code = "AA";
    b->code = "BB";
    session.flush();
    session.rollback();
    EXPECT_EQ(session.get<Country>("BB"), a);
    EXPECT_EQ(a->code, "BB");
}

TEST_F(flush_order, Q6_rows_that_need_each_other_are_inserted_and_then_updated) {
    auto team = kin::make(Team{.name = "Reds"});
    auto captain = kin::make(Player{.name = "P", .team = team});
    auto other = kin::make(Player{.name = "Q", .team = team});
    team->captain = captain;
    session.add(team);
    EXPECT_THAT(commit(), SizeIs(3));
    EXPECT_EQ(team->captain_id, captain->id);
    EXPECT_THAT(column<std::int64_t>("SELECT captain_id FROM team"), ElementsAre(captain->id));

    session.remove(captain);
    session.remove(other);
    session.remove(team);
    EXPECT_THAT(commit(), SizeIs(3)); // UPDATE to NULL, then both DELETEs
    EXPECT_THAT(column("SELECT name FROM team"), testing::IsEmpty());
}

TEST_F(flush_order, rollback_of_rows_that_need_each_other_leaves_them_linked) {
    auto team = kin::make(Team{.name = "Reds"});
    auto captain = kin::make(Player{.name = "P", .team = team});
    team->captain = captain;
    session.add(team);
    session.flush();
    session.rollback();
    EXPECT_EQ(team->captain, captain);
    EXPECT_EQ(captain->team, team);
    EXPECT_FALSE(team->captain_id.has_value());
    session.add(team);
    session.commit();
    EXPECT_THAT(column<std::int64_t>("SELECT captain_id FROM team"), ElementsAre(captain->id));
}

TEST_F(flush_order, Q7_a_row_may_refer_to_itself) {
    auto person = kin::make(Person{.name = "Narcissus"});
    person->best_friend = person;
    session.add(person);
    EXPECT_THAT(commit(), SizeIs(2));
    EXPECT_EQ(person->friend_id, person->id);
    session.remove(person);
    EXPECT_THAT(commit(), SizeIs(checks_at_end() ? 1 : 2));
    EXPECT_THAT(column("SELECT name FROM person"), testing::IsEmpty());
}

TEST_F(flush_order, a_ring_of_one_class_is_opened_once) {
    std::vector<kin::ref<Person>> ring;
    for (int i = 0; i < 5; ++i) ring.push_back(kin::make(Person{.name = std::to_string(i)}));
    for (std::size_t i = 0; i < 5; ++i) ring[i]->best_friend = ring[(i + 1) % 5];
    for (const auto& p : ring) session.add(p);
    session.commit();
    EXPECT_THAT(column<std::int64_t>("SELECT count(*) FROM person a JOIN person b ON a.friend_id = b.id"),
                ElementsAre(5));
    EXPECT_EQ(ring[4]->friend_id, ring[0]->id);
    for (const auto& p : ring) session.remove(p);
    EXPECT_THAT(commit(), SizeIs(checks_at_end() ? 1 : 2))
        << "who refers to nobody any more is deleted together";
    EXPECT_THAT(column("SELECT name FROM person"), testing::IsEmpty());
}

TEST_F(flush_order, a_ring_that_is_removed_comes_back_with_a_rollback) {
    std::vector<kin::ref<Person>> ring;
    for (int i = 0; i < 3; ++i) ring.push_back(session.add(Person{.name = std::to_string(i)}));
    for (std::size_t i = 0; i < 3; ++i) ring[i]->best_friend = ring[(i + 1) % 3];
    session.commit();
    for (const auto& p : ring) session.remove(p);
    session.flush();
    session.rollback();
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(ring[i]->best_friend, ring[(i + 1) % 3]);
        EXPECT_EQ(ring[i]->friend_id, ring[(i + 1) % 3]->id);
    }
    EXPECT_FALSE(session.has_changes());
    ring[0]->name = "still there";
    EXPECT_THAT(commit(), SizeIs(1));
}

TEST_F(flush_order, a_row_may_not_refer_to_itself_for_ever_where_that_keeps_it_from_being_deleted) {
    db.create_all<Hermit>();
    auto hermit = session.add(Hermit{.name = "Paul", .knows_name = "Paul"});
    session.commit();
    session.remove(hermit);
    if (checks_at_end()) {
        EXPECT_THAT(commit(), SizeIs(1));
        return;
    }
    const auto e = caught<kin::state_error>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "cyclic_dependency");
    EXPECT_THAT(std::string(e.message()), HasSubstr("Hermit.knows"));
    session.rollback();
}

TEST_F(flush_order, moving_a_child_and_removing_its_old_parent_is_one_commit) {
    auto old = session.add(Team{.name = "Old"});
    auto fresh = session.add(Team{.name = "New"});
    auto player = session.add(kin::make(Player{.name = "P", .team = old}));
    session.commit();
    fresh->players.push_back(player);
    session.remove(old);
    EXPECT_THAT(commit(), SizeIs(2));
    EXPECT_THAT(column<std::int64_t>("SELECT team_id FROM player"), ElementsAre(fresh->id));
}

TEST_F(flush_order, a_ring_without_a_key_that_may_be_null_is_an_error_that_names_it) {
    db.create_all<Egg, Hen>();
    auto egg = kin::make(Egg{});
    auto hen = kin::make(Hen{.egg = egg});
    egg->hen = hen;
    session.add(egg);
    const auto e = caught<kin::state_error>([&] { session.flush(); });
    EXPECT_EQ(e.code(), "cyclic_dependency");
    EXPECT_THAT(std::string(e.message()), HasSubstr("Hen.egg"));
    session.rollback();
    EXPECT_EQ(kin::state_of(egg), kin::object_state::transient);
    EXPECT_EQ(egg->hen, hen);
}

TEST_F(flush_order, values_that_cannot_be_parked_are_an_error_that_changes_nothing) {
    db.create_all<Door>();
    auto a = session.add(Door{.side = Side::left});
    auto b = session.add(Door{.side = Side::right});
    session.commit();
    a->side = Side::right;
    b->side = Side::left;
    EXPECT_EQ(code_of([&] { session.commit(); }), "unique_ring");
    session.rollback();
    EXPECT_EQ(a->side, Side::left);
}

TEST_F(flush_order, plan_shows_what_a_flush_would_do_and_does_nothing) {
    seats[0]->name = "B";
    seats[1]->name = "A";
    session.remove(seats[2]);
    session.add(Seat{.name = "D"});
    counter.reset();
    EXPECT_EQ(session.plan(), "UPDATE seat SET name to a value that nobody has: id = 1\n"
                              "INSERT seat: 1 row\n"
                              "DELETE seat: id = 3\n"
                              "UPDATE seat SET name: id = 2\n"
                              "UPDATE seat SET name: id = 1\n");
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_TRUE(session.has_changes());
    session.rollback();
    EXPECT_EQ(session.plan(), "");
}

TEST_F(flush_order, plan_takes_back_what_it_had_to_try) {
    auto old = session.add(Team{.name = "Old"});
    auto captain = session.add(kin::make(Player{.name = "P", .team = old}));
    old->captain = captain;
    session.commit();
    session.remove(captain);
    EXPECT_EQ(session.plan(), "UPDATE team SET captain_id: id = 1\n"
                              "DELETE player: id = 1\n");
    EXPECT_EQ(old->captain, captain);
    EXPECT_EQ(captain->captain_of.size(), 1U);
    session.commit();
    EXPECT_EQ(old->captain, nullptr);
}

} // namespace
