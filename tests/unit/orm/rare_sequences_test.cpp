// SPDX-License-Identifier: MIT
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "model/world.hpp"
#include "support/test_database.hpp"

// Sequences that random ones have found, each of which went wrong once: see tests/model.

namespace {

using namespace model_world;

class rare_sequences : public testing::Test {
protected:
    rare_sequences() { create_all(db); }
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(rare_sequences, a_new_child_that_was_never_flushed_is_unlinked_from_a_removed_parent) {
    session.add(kin::make(Topic{.label = "old"}));
    session.commit();
    session = db.session();
    auto old = session.get<Topic>(1);
    auto child = kin::make(Topic{.label = "child", .parent = old}); // old->children is not loaded

    session.remove(old);
    session.commit();

    EXPECT_FALSE(child->parent_id.has_value()) << "the database has set it to NULL";
    EXPECT_FALSE(child->parent);
}

TEST_F(rare_sequences, a_key_that_is_set_to_an_unknown_row_and_back_returns_to_the_collection) {
    auto team = kin::make(Team{.label = "other", .code = "other"});
    session.add(team);
    session.commit();
    session = db.session();
    team = kin::make(Team{.label = "team", .code = "team"});
    auto news = kin::make(News{.label = "news", .team = team});
    session.add(news);
    session.commit();
    ASSERT_EQ(team->news.size(), 1U);

    news->team_id = 1; // of which this session knows no object
    ASSERT_EQ(team->news.size(), 0U);
    news->team_id = team->id;

    ASSERT_EQ(team->news.size(), 1U);
    EXPECT_EQ(news->team, team);
    session.rollback();
    EXPECT_EQ(team->news.size(), 1U);
}

TEST_F(rare_sequences, a_key_set_by_hand_to_a_row_that_a_rollback_takes_away_goes_with_it) {
    auto parent = kin::make(Topic{.label = "parent"});
    session.add(parent);
    session.flush();
    auto child = kin::make(Topic{.label = "child"});
    session.add(child);
    child->parent_id = parent->id; // nobody looks at child->parent

    session.rollback();

    EXPECT_FALSE(child->parent_id.has_value());
    EXPECT_EQ(child->parent, parent) << "links among new objects stay";
    session.add(child);
    session.commit();
    EXPECT_EQ(child->parent_id, parent->id);
}

TEST_F(rare_sequences,
       a_key_set_by_hand_to_a_row_that_stays_is_kept_by_a_rollback_only_when_no_object_is_known) {
    session.add(kin::make(Topic{.label = "parent"}));
    session.commit();
    session = db.session();
    auto child = kin::make(Topic{.label = "child"});
    session.add(child);
    child->parent_id = 1; // the session has no object for it
    session.rollback();
    EXPECT_EQ(child->parent_id, 1);

    const auto parent = session.get<Topic>(1);
    session.add(child);
    EXPECT_EQ(child->parent, parent);
    session.rollback();
    EXPECT_FALSE(child->parent_id.has_value()) << "as if child->parent had been assigned";
    EXPECT_FALSE(child->parent);
}

TEST_F(rare_sequences, links_of_one_transaction_leave_no_key_when_all_is_rolled_back) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto country = kin::make(Country{.code = "c", .label = "country"});
    session.add(player);
    session.add(country);
    auto savepoint = session.begin_nested();
    player->country = country;
    player->country = nullptr;

    session.rollback();

    EXPECT_FALSE(player->country_code.has_value());
    EXPECT_FALSE(player->country);
    EXPECT_TRUE(country->players.empty());
}

TEST_F(rare_sequences, a_new_child_that_was_moved_by_its_key_goes_with_its_removed_parent) {
    auto before = kin::make(Player{.label = "before", .number = 1});
    auto after = kin::make(Player{.label = "after", .number = 2});
    session.add(after);
    session.flush();
    auto award = kin::make(Award{.label = "award", .player = before});
    session.add(award);
    award->player_id = after->id; // nobody looks at after->awards

    session.remove(after);

    EXPECT_EQ(kin::state_of(award), kin::object_state::transient);
    session.commit();
    EXPECT_EQ(session.query<Award>().count(), 0);
    EXPECT_EQ(session.query<Player>().count(), 1);
}

TEST_F(rare_sequences, an_object_whose_row_another_one_took_over_is_written_once_after_a_rollback) {
    auto old = kin::make(Country{.code = "c", .label = "old"});
    session.add(old);
    session.commit();
    session.remove(old);
    session.add(kin::make(Country{.code = "c", .label = "fresh"}));
    session.flush();
    session.rollback();

    old->label = "changed";
    session.commit();

    EXPECT_EQ(session.query<Country>().where(kin::col<&Country::label> == "changed").count(), 1);
}

TEST_F(rare_sequences, refresh_finds_the_row_s_target_although_its_natural_key_was_changed) {
    auto country = kin::make(Country{.code = "c1", .label = "country"});
    auto player = kin::make(Player{.label = "player", .number = 1, .country = country});
    session.add(player);
    session.flush();
    country->code = "c2"; // not written yet

    session.refresh(player);

    EXPECT_EQ(player->country, country);
    EXPECT_EQ(country->players.size(), 1U);
    session.commit();
    EXPECT_EQ(player->country_code, "c2");
}

TEST_F(rare_sequences, refresh_finds_the_row_s_target_although_another_one_has_its_natural_key_now) {
    auto first = kin::make(Step{.code = "a", .label = "first"});
    first->next = first;
    session.add(first);
    auto second = kin::make(Step{.code = "b", .label = "second", .next = first});
    session.add(second);
    session.commit();
    first->code = "b";
    second->code = "a";
    first->next = second;

    session.refresh(first);

    EXPECT_EQ(first->next, first);
    EXPECT_EQ(first->previous.size(), 2U);
}

TEST_F(rare_sequences, an_orphan_that_is_added_again_and_linked_by_its_key_goes_with_its_removed_parent) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto license = kin::make(License{.label = "license", .player = player});
    session.add(license);
    player->license = nullptr;
    session.flush();
    session.add(license);
    license->player_id = player->id;

    session.remove(player);

    EXPECT_EQ(kin::state_of(license), kin::object_state::transient);
    session.commit();
    EXPECT_EQ(session.query<Player>().count(), 0);
}

TEST_F(rare_sequences, count_of_a_loaded_collection_follows_keys_set_by_hand) {
    auto country = kin::make(Country{.code = "c", .label = "country"});
    auto player = kin::make(Player{.label = "player", .number = 1});
    session.add(country);
    session.add(player);
    session.commit();

    player->country_code = "c";

    EXPECT_EQ(country->players.count(), 1U);
}

TEST_F(rare_sequences,
       refresh_brings_the_old_object_of_a_has_one_back_and_leaves_no_mark_on_the_one_that_was_let_go) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto old = kin::make(License{.label = "old", .player = player});
    session.add(player);
    session.flush();
    auto fresh = kin::make(License{.label = "fresh", .player = player}); // old is an orphan now
    session.remove(player);                                              // fresh, which has no row, is let go

    session.refresh(old);

    EXPECT_EQ(player->license, old);
    EXPECT_FALSE(fresh->player);
    session.rollback();
    session.add(fresh);
    fresh->player = kin::make(Player{.label = "other", .number = 2});
    session.commit();
    EXPECT_EQ(session.query<License>().count(), 1) << "fresh is no orphan";
}

TEST_F(rare_sequences, a_key_that_a_new_object_had_for_a_while_does_not_come_back_with_a_rollback) {
    auto team = kin::make(Team{.label = "team", .code = "team"});
    auto player = kin::make(Player{.label = "player", .number = 1, .team = team});
    session.add(player);
    session.flush();
    player->team_id = std::nullopt;
    auto savepoint = session.begin_nested();
    player->team = team;

    session.rollback();

    EXPECT_FALSE(player->team);
    EXPECT_FALSE(player->team_id.has_value()) << "no team has this key any more";
}

TEST_F(rare_sequences, a_collection_that_loads_has_who_was_linked_by_key_before_its_owner_was_known) {
    session.add(kin::make(Player{.label = "player", .number = 1}));
    session.commit();
    session = db.session({.autoflush = false});
    auto award = kin::make(Award{.label = "award"});
    session.add(award);
    award->player_id = 1;
    EXPECT_EQ(session.query<Award>().count(), 0);

    const auto player = session.get<Player>(1);

    ASSERT_EQ(player->awards.size(), 1U);
    EXPECT_EQ(player->awards[0], award);
}

TEST_F(rare_sequences, of_two_new_objects_in_one_has_one_the_removed_one_comes_back_with_a_rollback) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto first = kin::make(License{.label = "first", .player = player});
    session.add(player);
    session.flush();
    session.remove(first);
    session.flush();
    auto second = kin::make(License{.label = "second"});
    session.add(second);
    second->player_id = player->id;

    session.rollback();

    EXPECT_EQ(player->license, first);
    EXPECT_EQ(first->player, player);
    EXPECT_FALSE(second->player);
    EXPECT_EQ(second->player_id, 0);
}

TEST_F(rare_sequences, links_of_a_removed_object_come_back_to_collections_that_were_loaded_meanwhile) {
    auto needed = kin::make(Skill{.mark = 1, .label = "needed", .code = 1});
    auto removed = kin::make(Skill{.mark = 2, .label = "removed", .code = 2});
    removed->needs = {needed};
    session.add(removed);
    session.commit();
    session = db.session();
    const auto all = session.query<Skill>().all();
    needed = by_mark(all, 1);
    session.remove(by_mark(all, 2));
    session.flush();
    EXPECT_TRUE(needed->needed_by.empty()); // is loaded now

    session.rollback();

    ASSERT_EQ(needed->needed_by.size(), 1U);
    EXPECT_EQ(needed->needed_by[0], by_mark(all, 2));
}

TEST_F(rare_sequences, a_link_comes_back_on_the_side_that_was_loaded_without_it) {
    auto skill = kin::make(Skill{.mark = 1, .label = "skill", .code = 1});
    auto other = kin::make(Skill{.mark = 2, .label = "other", .code = 2});
    skill->needs = {other};
    session.add(skill);
    session.commit();
    session = db.session();
    const auto all = session.query<Skill>().all();
    skill = by_mark(all, 1);
    other = by_mark(all, 2);
    other->needed_by = {};
    EXPECT_TRUE(skill->needs.empty()); // is loaded now

    session.rollback();

    EXPECT_EQ(other->needed_by.size(), 1U);
    EXPECT_EQ(skill->needs.size(), 1U);
}

TEST_F(rare_sequences, a_natural_key_of_a_removed_row_does_not_come_back_with_a_rollback) {
    auto country = kin::make(Country{.code = "c", .label = "country"});
    auto player = kin::make(Player{.label = "player", .number = 1, .country = country});
    session.add(player);
    session.flush();
    session.remove(country);
    auto savepoint = session.begin_nested();

    session.rollback();

    EXPECT_EQ(player->country_code, player->country ? std::optional<std::string>("c") : std::nullopt);
    EXPECT_EQ(country->players.size(), player->country ? 1U : 0U);
}

TEST_F(rare_sequences,
       an_object_that_was_read_after_its_natural_key_was_changed_is_read_again_after_a_rollback) {
    auto country = kin::make(Country{.code = "a", .label = "country"});
    session.add(kin::make(Player{.label = "player", .number = 1, .country = country}));
    session.commit();
    session = db.session();
    country = session.get<Country>("a");
    country->code = "b";
    session.flush(); // ON UPDATE CASCADE
    const auto player = session.get<Player>(1);
    EXPECT_EQ(player->country_code, "b");

    session.rollback();

    EXPECT_EQ(player->country_code, "a");
    EXPECT_EQ(player->country, country);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(rare_sequences, an_object_that_was_read_after_its_parent_was_removed_is_read_again_after_a_rollback) {
    auto parent = kin::make(Topic{.label = "parent"});
    session.add(kin::make(Topic{.label = "child", .parent = parent}));
    session.commit();
    session = db.session();
    parent = session.query<Topic>().where(kin::col<&Topic::label> == "parent").one();
    session.remove(parent);
    session.flush(); // ON DELETE SET NULL
    const auto child = session.query<Topic>().where(kin::col<&Topic::label> == "child").one();
    EXPECT_FALSE(child->parent);

    session.rollback();

    EXPECT_EQ(child->parent, parent);
    EXPECT_EQ(parent->children.size(), 1U);
}

TEST_F(rare_sequences, a_reference_that_was_never_loaded_is_found_after_its_key_was_unset_and_rolled_back) {
    session.add(
        kin::make(Team{.label = "team", .code = "team", .captain = kin::make(Player{.label = "captain"})}));
    session.commit();
    session = db.session();
    auto team = session.get<Team>(1);
    team->captain_id = std::nullopt;
    EXPECT_FALSE(team->captain);

    session.rollback();

    ASSERT_TRUE(team->captain);
    EXPECT_EQ(team->captain->label, "captain");
}

TEST_F(rare_sequences, an_object_that_a_rollback_expired_stays_readable_after_its_session) {
    session.add(kin::make(Topic{.label = "removed"}));
    session.add(kin::make(Topic{.label = "read"}));
    session.commit();
    session = db.session();
    session.remove(session.get<Topic>(1));
    session.flush();
    const auto read = session.get<Topic>(2);
    session.rollback();

    session.close();

    EXPECT_EQ(read->label, "read");
}

TEST_F(rare_sequences, an_autoflush_leaves_the_old_parent_of_an_object_whose_place_an_orphan_still_has) {
    auto first = kin::make(Player{.label = "first", .number = 1});
    auto second = kin::make(Player{.label = "second", .number = 2});
    auto moved = kin::make(License{.label = "moved", .player = first});
    auto orphan = kin::make(License{.label = "orphan", .player = second});
    session.add(moved);
    session.add(orphan);
    session.flush();
    moved->player = second; // orphan has the place until a flush decides about it
    session.remove(first);

    EXPECT_EQ(session.query<License>().count(), 2);
    session.commit();

    EXPECT_EQ(session.query<License>().count(), 1);
    EXPECT_EQ(session.query<Player>().count(), 1);
    EXPECT_EQ(second->license, moved);
}

TEST_F(rare_sequences, an_autoflush_writes_an_object_whole_whose_removed_parent_waits_for_an_orphan) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto award = kin::make(Award{.label = "award", .player = player});
    auto passport = kin::make(Passport{.label = "passport", .code = "before", .player = player});
    session.add(award);
    session.flush();
    player->awards.erase(award); // an orphan, whose row still refers to the player
    passport->code = "after";
    session.remove(player);

    EXPECT_EQ(session.query<Player>().count(), 1);

    EXPECT_FALSE(passport->player);
    EXPECT_FALSE(passport->player_id.has_value());
    EXPECT_EQ(session.query<Passport>().where(kin::col<&Passport::player_id>.is_null()).count(), 1);
    EXPECT_FALSE(session.is_modified(passport)) << "all was written that can be";
}

TEST_F(rare_sequences, who_was_refreshed_along_with_another_stays_readable_after_a_rollback_and_its_session) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto award = kin::make(Award{.label = "award", .player = player});
    session.add(player);
    session.commit();
    session.add(kin::make(Topic{.label = "written"}));
    session.flush();
    session.refresh(player); // takes its awards along
    session.rollback();

    session.close();

    EXPECT_EQ(award->label, "award");
}

TEST_F(rare_sequences, a_key_set_by_hand_to_a_removed_row_leads_to_the_new_object_that_takes_the_row_over) {
    auto old = kin::make(Step{.code = "a", .label = "old"});
    old->next = old;
    session.add(old);
    session.commit();
    auto child = kin::make(Step{.code = "b", .label = "child"});
    session.add(child);
    child->next_code = "a";
    session.remove(old);
    auto fresh = kin::make(Step{.code = "a", .label = "fresh", .next = child});
    session.add(fresh);

    session.flush();

    EXPECT_EQ(child->next, fresh);
    ASSERT_EQ(fresh->previous.size(), 1U);
    EXPECT_EQ(fresh->previous[0], child);
    EXPECT_FALSE(session.has_changes());
    session.rollback();
    EXPECT_EQ(old->next, old);
    EXPECT_EQ(old->previous.size(), 1U);
    EXPECT_EQ(child->next, fresh) << "both are new";
}

TEST_F(rare_sequences, who_refers_to_a_removed_object_refers_to_the_one_that_takes_its_row_over) {
    auto old = kin::make(Step{.code = "a", .label = "old"});
    old->next = old;
    auto child = kin::make(Step{.code = "b", .label = "child", .next = old});
    session.add(child);
    session.commit();
    session.remove(old);
    auto fresh = kin::make(Step{.code = "a", .label = "fresh"});
    fresh->next = fresh;
    session.add(fresh);

    session.flush();

    EXPECT_EQ(child->next, fresh);
    EXPECT_EQ(fresh->previous.size(), 2U);
    EXPECT_FALSE(session.has_changes());
    session.rollback();
    EXPECT_EQ(child->next, old);
    EXPECT_EQ(old->previous.size(), 2U);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(rare_sequences, an_object_that_takes_a_row_over_has_who_refers_to_it_and_was_not_known) {
    auto old = kin::make(Step{.code = "a", .label = "old"});
    old->next = old;
    session.add(kin::make(Step{.code = "b", .label = "child", .next = old}));
    session.commit();
    session = db.session();
    old = session.get<Step>("a");
    session.remove(old);
    auto fresh = kin::make(Step{.code = "a", .label = "fresh"});
    fresh->next = fresh;
    session.add(fresh);

    session.flush();

    ASSERT_EQ(fresh->previous.size(), 2U);
    EXPECT_EQ(fresh->previous[0], fresh);
    EXPECT_EQ(fresh->previous[1]->label, "child");
    session.rollback();
    EXPECT_EQ(old->previous.size(), 2U);
    EXPECT_EQ(fresh->previous.size(), 1U);
}

TEST_F(rare_sequences,
       who_was_moved_by_its_key_before_a_savepoint_ended_leaves_the_collection_of_one_that_was_read_later) {
    session.add(kin::make(Country{.code = "old", .label = "old"}));
    session.commit();
    session = db.session();
    auto fresh = kin::make(Country{.code = "fresh", .label = "fresh"});
    auto player = kin::make(Player{.label = "player", .number = 1, .country = fresh});
    session.add(player);
    auto savepoint = session.begin_nested();
    player->country_code = "old"; // of which this session knows no object
    session.flush();
    const auto old = session.get<Country>("old");
    EXPECT_EQ(old->players.size(), 1U);

    savepoint.rollback();

    EXPECT_TRUE(old->players.empty());
    EXPECT_EQ(player->country, fresh);
    session.rollback();
    EXPECT_TRUE(old->players.empty());
    EXPECT_EQ(player->country, fresh);
}

TEST_F(rare_sequences, who_was_moved_by_its_key_leaves_the_collection_of_one_that_was_read_later) {
    session.add(kin::make(Country{.code = "old", .label = "old"}));
    auto first = kin::make(Country{.code = "first", .label = "first"});
    session.add(kin::make(Player{.label = "player", .number = 1, .country = first}));
    session.commit();
    session = db.session();
    auto player = session.query<Player>().one();
    first = player->country.get();
    player->country_code = "old"; // of which this session knows no object
    session.flush();
    const auto old = session.get<Country>("old");
    EXPECT_EQ(old->players.size(), 1U);

    session.rollback();

    EXPECT_TRUE(old->players.empty());
    EXPECT_EQ(player->country, first);
    EXPECT_EQ(first->players.size(), 1U);
}

TEST_F(rare_sequences, a_removed_object_is_in_no_collection_that_its_key_leads_to_afterwards) {
    auto first = kin::make(Step{.code = "a", .label = "first"});
    first->next = first;
    auto second = kin::make(Step{.code = "b", .label = "second", .next = first});
    session.add(kin::make(Step{.code = "c", .label = "removed", .next = first}));
    session.add(second);
    session.commit();
    session = db.session();
    auto removed = session.get<Step>("c");
    removed->next_code = "b"; // neither of the others is known
    session.remove(removed);
    session.flush();
    for (const auto& step : session.query<Step>().all())
        if (step->code == "b") second = step;
    EXPECT_EQ(session.query<Country>().count(), 0); // looks at all foreign keys once more

    EXPECT_TRUE(std::as_const(second)->previous.empty());
    EXPECT_FALSE(second->previous.contains(removed));
    session.rollback();
    EXPECT_TRUE(second->previous.empty());
    first = session.get<Step>("a");
    EXPECT_EQ(removed->next, first);
    EXPECT_TRUE(first->previous.contains(removed));
    EXPECT_EQ(first->previous.size(), 3U);
}

TEST_F(rare_sequences, a_ring_of_rows_is_deleted_at_once_after_the_rows_that_refer_to_one_of_it) {
    if (!db.engine().dialect().supports(kin::feature::foreign_keys_at_end))
        GTEST_SKIP() << "foreign_keys_at_end: no DELETE removes a ring whose foreign keys are NOT NULL";
    auto first = kin::make(Step{.code = "a", .label = "first"});
    first->next = first;
    auto outside = kin::make(Step{.code = "b", .label = "outside", .next = first});
    auto last = kin::make(Step{.code = "c", .label = "last", .next = first});
    session.add(outside);
    session.add(last);
    session.flush();
    first->next = last;
    session.commit();
    outside->next = last; // not written: its row refers to that of first
    for (const auto& step : {first, outside, last}) session.remove(step);

    EXPECT_NO_THROW(session.commit());

    EXPECT_EQ(session.query<Step>().count(), 0);
}

TEST_F(rare_sequences,
       a_collection_that_a_removal_loaded_after_a_natural_key_was_changed_is_whole_after_a_rollback) {
    auto country = kin::make(Country{.code = "a", .label = "country"});
    session.add(kin::make(Player{.label = "player", .number = 1, .country = country}));
    session.commit();
    session = db.session();
    country = session.get<Country>("a");
    country->code = "b";
    session.flush(); // ON UPDATE CASCADE
    session.remove(country);
    session.flush(); // reads the player, to unlink it

    session.rollback();

    ASSERT_EQ(country->players.size(), 1U);
    EXPECT_EQ(country->players[0]->country, country);
    EXPECT_EQ(country->players[0]->country_code, "a");
    EXPECT_FALSE(session.has_changes());
}

TEST_F(rare_sequences,
       a_player_that_was_read_while_two_countries_had_each_others_code_comes_back_to_his_own_only) {
    auto own = kin::make(Country{.code = "a", .label = "own"});
    auto other = kin::make(Country{.code = "b", .label = "other"});
    session.add(kin::make(Player{.label = "player", .number = 1, .country = own}));
    session.add(other);
    session.commit();
    session = db.session();
    own = session.get<Country>("a");
    other = session.get<Country>("b");
    EXPECT_TRUE(kin::ref<const Country>(other)->players.empty()); // loads it
    own->code = "b";
    other->code = "a";
    session.flush();
    session.remove(own);
    session.flush(); // reads the player, to unlink him

    session.rollback();

    EXPECT_TRUE(other->players.empty());
    ASSERT_EQ(own->players.size(), 1U);
    EXPECT_EQ(own->players[0]->country, own);
    EXPECT_FALSE(session.has_changes());
}

TEST_F(rare_sequences, a_license_that_comes_back_takes_its_place_from_one_that_has_left_the_session) {
    auto player = kin::make(Player{.label = "player", .number = 1});
    auto first = kin::make(License{.label = "first", .player = player});
    session.add(first);
    session.flush();
    session.remove(first);
    session.flush();
    auto second = kin::make(License{.label = "second", .player = player});
    session.remove(player); // and the new license leaves with it

    session.rollback();

    EXPECT_EQ(player->license, first);
    EXPECT_EQ(first->player, player);
    EXPECT_EQ(second->player, nullptr);
    first->player = nullptr;
    EXPECT_EQ(player->license, nullptr);
}

TEST_F(rare_sequences, a_key_set_by_hand_stays_when_a_read_passport_takes_its_place_back) {
    auto first = kin::make(Player{.label = "first", .number = 1});
    auto second = kin::make(Player{.label = "second", .number = 2});
    auto own = kin::make(Passport{.label = "own", .code = "a", .player = first});
    auto other = kin::make(Passport{.label = "other", .code = "b", .player = second});
    session.add(own);
    session.add(other);
    session.commit();
    other->player = first; // in the place of `own`
    other->player_id = std::nullopt;

    session.refresh(own);

    EXPECT_EQ(own->player, first);
    EXPECT_EQ(first->passport, own);
    EXPECT_EQ(other->player, nullptr);
    EXPECT_EQ(std::as_const(*other).player_id, std::nullopt);
    session.commit();
    EXPECT_EQ(second->passport, nullptr);
    EXPECT_EQ(other->player, nullptr);
}

TEST_F(rare_sequences, a_key_set_by_hand_stays_when_a_new_passport_gives_a_place_back) {
    auto first = kin::make(Player{.label = "first", .number = 1});
    auto second = kin::make(Player{.label = "second", .number = 2});
    auto own = kin::make(Passport{.label = "own", .code = "a", .player = first});
    session.add(own);
    session.add(second);
    session.commit();
    const int second_id = std::as_const(*second).id;
    auto fresh = session.add(Passport{.label = "new", .code = "b", .player = first}); // in the place of `own`
    fresh->player_id = second_id;

    session.refresh(own);

    EXPECT_EQ(first->passport, own);
    EXPECT_EQ(fresh->player, second);
    EXPECT_EQ(second->passport, fresh);
    session.commit();
    EXPECT_EQ(own->player, first);
    EXPECT_EQ(fresh->player, second);
}

} // namespace
