// SPDX-License-Identifier: MIT
#include "kin/orm/load_options.hpp"

#include "unit/orm/blog.hpp"

// Relationships that the mapping lets load at once, and what a query says against it: J20, J21 and I10 of semantics.md.

namespace eager_models {

struct Player;
struct Match;

struct Team {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Team, int>> parent_id;
    kin::belongs_to<Team, "parent_id"> parent;
    kin::has_many<Team, &Team::parent> parts;
    kin::has_many<Player> players;
};
struct Player {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
    kin::has_many<Match> matches;
};
struct Match {
    kin::primary_key<int> id;
    kin::foreign_key<&Player::id> player_id;
    kin::belongs_to<Player> player;
};
void describe(kin::mapping<Team>& m) {
    m.relationship<&Team::players>().lazy(kin::loader_strategy::selectin);
    m.relationship<&Team::parts>().lazy(kin::loader_strategy::joined).depth(2);
}
void describe(kin::mapping<Player>& m) {
    m.relationship<&Player::team>().lazy(kin::loader_strategy::joined);
    m.relationship<&Player::matches>().lazy(kin::loader_strategy::raise);
}

} // namespace eager_models

namespace {

using eager_models::Match;
using eager_models::Player;
using eager_models::Team;

class eager_mapping : public testing::Test {
protected:
    eager_mapping() {
        db.create_all<Team, Player, Match>();
        kin::session writer = db.session();
        auto above = kin::ref<Team>();
        for (int level = 1; level <= 4; ++level) {
            above = writer.add(Team{.name = "team " + std::to_string(level), .parent = above});
            for (int i = 1; i <= 2; ++i) {
                auto player = kin::make(Player{.name = std::to_string(level * 10 + i), .team = above});
                (void)kin::make(Match{.player = player});
            }
        }
        writer.commit();
        counter.reset();
    }
    kin::database db{"sqlite:///:memory:"};
    kin::session session = db.session();
    kin::testing::statement_counter counter{db};
};

TEST_F(eager_mapping, a_query_loads_what_the_mapping_says) {
    const auto players = session.query<Player>().all();
    EXPECT_EQ(counter.count(), 1U) << "the team is joined";
    for (const auto& player : players) EXPECT_FALSE(player->team->name.empty());
    EXPECT_EQ(counter.count(), 1U);
}

TEST_F(eager_mapping, J20_a_class_on_the_way_is_not_come_back_to_unless_a_depth_says_so) {
    const auto top = session.query<Team>().where(kin::col<&Team::parent_id>.is_null()).one();
    EXPECT_EQ(counter.count(), 4U) << "two levels of parts in one; the players of each level";
    ASSERT_EQ(top->parts.size(), 1U);
    ASSERT_EQ(top->parts[0]->parts.size(), 1U);
    EXPECT_FALSE(top->parts[0]->parts[0]->parts.is_loaded());
    EXPECT_EQ(top->parts[0]->players.size(), 2U);
    EXPECT_EQ(top->players.size(), 2U);
    EXPECT_EQ(counter.count(), 4U);
}

TEST_F(eager_mapping, get_loads_it_as_well) {
    const auto player = session.get_one<Player>(1);
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(player->team->name, "team 1");
    EXPECT_EQ(counter.count(), 1U);
    const auto last = session.get_one<Team>(4);
    EXPECT_EQ(counter.count(), 3U);
    EXPECT_EQ(last->players.size(), 2U);
    EXPECT_EQ(session.get<Team>(9), nullptr);
}

TEST_F(eager_mapping, what_a_relationship_gives_loads_it_as_well) {
    const auto player = session.query<Player>().with(kin::peers<&Player::team>).first();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(player->team->players.size(), 2U);
    EXPECT_EQ(counter.count(), 3U)
        << "the team with its parts, on touch; players of teams are not on the way back";
}

TEST_F(eager_mapping, J21_a_word_for_all_turns_the_mapping_off_and_a_word_for_one_wins) {
    const auto teams = session.query<Team>().with(kin::peers<>).all();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_FALSE(teams[0]->players.is_loaded());
    session.close();
    counter.reset();
    const auto again = session.query<Team>().with(kin::selectin<&Team::players>, kin::peers<>).all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_TRUE(again[0]->players.is_loaded());
    EXPECT_FALSE(again[0]->parts.is_loaded());
}

TEST_F(eager_mapping, J21_a_query_says_otherwise_about_one_relationship) {
    const auto players =
        session.query<Player>().with(kin::selectin<&Player::matches>, kin::peers<&Player::team>).all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(players[0]->matches.size(), 1U);
    EXPECT_FALSE(players[0]->team.is_loaded());
}

TEST_F(eager_mapping, I10_raise_for_all_forbids_what_no_other_option_names) {
    const auto teams = session.query<Team>().with(kin::raise<>, kin::joined<&Team::players>).all();
    EXPECT_EQ(counter.count(), 1U);
    EXPECT_EQ(teams[0]->players.size(), 2U);
    EXPECT_EQ(blog::code_of([&] { (void)teams[0]->parts.size(); }), "lazy_load");
    EXPECT_EQ(blog::code_of([&] { (void)teams[0]->players[0]->team->name; }), "") << "memory knows it";
    EXPECT_EQ(blog::code_of([&] { (void)teams[0]->players[0]->matches.size(); }), "lazy_load");
}

TEST_F(eager_mapping, refresh_reads_what_loads_at_once_again) {
    const auto top = session.get_one<Team>(1);
    ASSERT_EQ(top->players.size(), 2U);
    kin::session other = db.session();
    other.execute("INSERT INTO player (name, team_id) VALUES ('new', 1)");
    other.commit();
    session.commit();
    session.refresh(top);
    EXPECT_EQ(top->players.size(), 3U);
}

} // namespace
