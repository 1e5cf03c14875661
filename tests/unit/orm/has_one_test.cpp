// SPDX-License-Identifier: MIT
#include "kin/mapping/has_one.hpp"

#include "unit/orm/world.hpp"

// One-to-one relationships.

namespace {

using blog::code_of;
using world::Author;
using world::Profile;

class has_one : public world::test {
protected:
    void store() {
        kin::session writer = db.session();
        for (const char* name : {"Ann", "Bob"}) {
            auto author = writer.add(world::author(name));
            author->profile = world::profile(name);
        }
        writer.add(world::author("Cid"));
        writer.commit();
        counter.reset();
    }
};

TEST_F(has_one, both_sides_agree_at_once) {
    auto ann = world::author("Ann");
    EXPECT_FALSE(ann->profile);
    auto profile = world::profile("about Ann");
    ann->profile = profile;
    EXPECT_EQ(profile->author, ann);
    EXPECT_EQ(ann->profile->bio, "about Ann");
    const kin::ref<const Profile> seen = ann->profile;
    EXPECT_EQ(seen->bio, "about Ann");
    profile->author = nullptr;
    EXPECT_EQ(ann->profile, nullptr);
    auto made = kin::make(Author{.name = "Bob", .profile = profile});
    EXPECT_EQ(profile->author, made);
}

TEST_F(has_one, replacing_lets_the_old_object_go_on_both_sides) {
    auto ann = world::author("Ann");
    auto old = world::profile("old");
    auto fresh = world::profile("new");
    ann->profile = old;
    fresh->author = ann; // from the other side
    EXPECT_EQ(ann->profile, fresh);
    EXPECT_EQ(old->author, nullptr);
    ann->profile = old;
    EXPECT_EQ(fresh->author, nullptr);
}

TEST_F(has_one, G7_moving_it_to_another_parent_clears_the_first_one) {
    auto ann = world::author("Ann");
    auto bob = world::author("Bob");
    auto profile = world::profile("about");
    ann->profile = profile;
    bob->profile = profile;
    EXPECT_EQ(ann->profile, nullptr);
    EXPECT_EQ(profile->author, bob);
}

TEST_F(has_one, G8_replacing_unsets_the_key_of_the_old_row) {
    store();
    auto ann = session.get_one<Author>(1);
    ann->profile = world::profile("new");
    session.commit();
    EXPECT_EQ(stored("SELECT count(*) FROM profile WHERE author_id IS NULL"), 1);
    EXPECT_EQ(stored<std::string>("SELECT bio FROM profile WHERE author_id = 1"), "new");
}

TEST_F(has_one, loads_for_all_objects_of_a_result_with_one_statement) {
    store();
    std::string text;
    const auto sent = statements_of([&] {
        for (const auto& author : session.query<Author>().order_by(kin::col<&Author::id>))
            text += author->profile ? author->profile->bio : "-";
    });
    EXPECT_EQ(text, "AnnBob-");
    EXPECT_EQ(sent.size(), 2U);
}

TEST_F(has_one, its_foreign_key_is_unique) {
    store();
    EXPECT_EQ(code_of([&] { session.execute("INSERT INTO profile (bio, author_id) VALUES ('x', 1)"); }),
              "unique_violation");
}

TEST_F(has_one, rollback_restores_it) {
    store();
    auto ann = session.get_one<Author>(1);
    auto cid = session.get_one<Author>(3);
    auto profile = ann->profile.get();
    cid->profile = profile;
    session.flush();
    ann->profile = world::profile("other");
    session.rollback();
    EXPECT_EQ(ann->profile, profile);
    EXPECT_EQ(profile->author, ann);
    EXPECT_EQ(cid->profile, nullptr);
}

TEST_F(has_one, answers_queries) {
    store();
    using kin::col;
    const auto count = [&](kin::predicate p) { return session.query<Author>().where(std::move(p)).count(); };
    EXPECT_EQ(count(col<&Author::profile>.has()), 2);
    EXPECT_EQ(count(col<&Author::profile>.has(col<&Profile::bio> == "Bob")), 1);
    EXPECT_EQ(count(col<&Author::profile>.is_null()), 1);
    EXPECT_EQ(count(col<&Author::profile> == nullptr), 1);
    const auto profile = session.get_one<Profile>(2);
    EXPECT_EQ(session.query<Author>().where(col<&Author::profile> == profile).one()->name, "Bob");
    EXPECT_EQ(count(col<&Author::profile> != profile), 2);
}

} // namespace
