// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/orm/load_options.hpp"
#include "support/test_database.hpp"

// Relationships of a class with itself, loaded level by level: kin::selectin<...>.recursive().

namespace recursive_models {

struct File;

struct Folder {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::forward_key<Folder, int>> parent_id;
    kin::belongs_to<Folder, "parent_id"> parent;
    kin::has_many<Folder> folders;
    kin::has_many<File> files;
    kin::many_to_many<Folder, "linked_from"> links;
    kin::many_to_many<Folder, "links"> linked_from;
};
struct File {
    kin::primary_key<int> id;
    std::string name;
    kin::foreign_key<&Folder::id> folder_id;
    kin::belongs_to<Folder> folder;
};

} // namespace recursive_models

namespace {

using kin::col;
using kin::selectin;
using recursive_models::File;
using recursive_models::Folder;

class recursive_loading : public testing::Test {
protected:
    recursive_loading() {
        db.create_all<Folder, File>();
        kin::session writer = db.session();
        // root (a (a1 (a11)) b), each with a file; other
        auto root = add(writer, "root", {});
        const auto a = add(writer, "a", root);
        const auto a1 = add(writer, "a1", a);
        auto a11 = add(writer, "a11", a1);
        auto b = add(writer, "b", root);
        (void)add(writer, "other", {});
        root->links.push_back(b);
        b->links.push_back(a11);
        a11->links.push_back(root); // a circle
        writer.commit();
        counter.reset();
    }
    static kin::ref<Folder> add(kin::session& s, const char* name, const kin::ref<Folder>& parent) {
        const auto made = s.add(Folder{.name = name, .parent = parent});
        s.add(File{.name = std::string(name) + ".txt", .folder = made});
        s.flush();
        return made;
    }
    kin::query<Folder> named(const char* name) {
        return session.query<Folder>().where(col<&Folder::name> == name);
    }
    /// The tree below, as far as it is loaded: "root (a (a1 ?) b ())".
    static std::string shown(const kin::ref<Folder>& folder) {
        std::string text = folder->name;
        if (!folder->folders.is_loaded()) return text + " ?";
        for (const auto& one : folder->folders) text += " (" + shown(one) + ")";
        return text;
    }

    kin::database db{kin::testing::fresh_url()};
    kin::testing::sql_counter counter{db};
    kin::session session = db.session();
};

TEST_F(recursive_loading, a_whole_tree_is_one_statement_for_each_level) {
    const auto root = named("root").with(selectin<&Folder::folders>.recursive()).one();
    EXPECT_EQ(counter.count(), 5U); // root; a, b; a1; a11; below a11 there is nothing
    EXPECT_EQ(shown(root), "root (a (a1 (a11))) (b)");
    EXPECT_EQ(counter.count(), 5U); // nothing was left to load
}

TEST_F(recursive_loading, all_roots_of_a_query_go_down_together) {
    const auto roots = session.query<Folder>()
                           .where(col<&Folder::parent>.is_null())
                           .order_by(col<&Folder::id>)
                           .with(selectin<&Folder::folders>.recursive())
                           .all();
    ASSERT_EQ(roots.size(), 2U);
    EXPECT_EQ(shown(roots[0]), "root (a (a1 (a11))) (b)");
    EXPECT_EQ(shown(roots[1]), "other");
    EXPECT_EQ(counter.count(), 5U);
}

TEST_F(recursive_loading, a_depth_bounds_the_levels) {
    const auto root = named("root").with(selectin<&Folder::folders>.recursive(2)).one();
    EXPECT_EQ(counter.count(), 3U);
    EXPECT_EQ(shown(root), "root (a (a1 ?)) (b)");
    EXPECT_EQ(counter.count(), 3U);
    // What is below loads as the mapping says: for its peers, one level.
    EXPECT_EQ(root->folders[0]->folders[0]->folders.size(), 1U);
    EXPECT_EQ(counter.count(), 4U);
    EXPECT_EQ(shown(root), "root (a (a1 (a11 ?))) (b)");
}

TEST_F(recursive_loading, one_level_is_what_selectin_loads_without_it) {
    for (const std::uint32_t levels : {0U, 1U}) {
        session = db.session();
        counter.reset();
        const auto root = named("root").with(selectin<&Folder::folders>.recursive(levels)).one();
        EXPECT_EQ(shown(root), "root (a ?) (b ?)");
        EXPECT_EQ(counter.count(), 2U);
    }
}

TEST_F(recursive_loading, a_query_of_the_whole_table_has_all_levels_at_once) {
    const auto all = session.query<Folder>().with(selectin<&Folder::folders>.recursive()).all();
    EXPECT_EQ(counter.count(), 2U);
    EXPECT_EQ(shown(all.front()), "root (a (a1 (a11))) (b)");
}

TEST_F(recursive_loading, a_belongs_to_goes_up_to_the_root) {
    const auto leaf = named("a11").with(selectin<&Folder::parent>.recursive()).one();
    EXPECT_EQ(counter.count(), 4U); // a11, a1, a, root: which has no parent to ask for
    session.close();
    EXPECT_EQ(leaf->parent->parent->parent->name, "root");
    EXPECT_EQ(leaf->parent->parent->parent->parent, nullptr);
}

TEST_F(recursive_loading, parents_that_are_known_cost_nothing) {
    const auto a = named("a").one();
    const auto root = named("root").one();
    counter.reset();
    const auto leaf = named("a11").with(selectin<&Folder::parent>.recursive()).one();
    EXPECT_EQ(counter.count(), 2U); // a11 and a1: the way on is known
    EXPECT_EQ(leaf->parent->parent->parent, root);
    EXPECT_EQ(counter.count(), 2U);
}

TEST_F(recursive_loading, a_many_to_many_ends_where_its_circle_closes) {
    const auto root = named("root").with(selectin<&Folder::links>.recursive()).one();
    EXPECT_EQ(counter.count(), 4U); // root; b; a11; root again, which is there
    session.close();
    EXPECT_EQ(root->links[0]->links[0]->name, "a11");
    EXPECT_EQ(root->links[0]->links[0]->links[0], root);
}

TEST_F(recursive_loading, a_circle_of_parents_ends) {
    {
        kin::session writer = db.session();
        auto root = writer.query<Folder>().where(col<&Folder::name> == "root").one();
        root->parent = writer.query<Folder>().where(col<&Folder::name> == "a11").one();
        writer.commit();
        counter.reset();
    }
    const auto root = named("root").with(selectin<&Folder::folders>.recursive()).one();
    EXPECT_EQ(counter.count(), 5U);
    EXPECT_EQ(root->folders[0]->folders[0]->folders[0]->folders[0], root);
    kin::session other = db.session();
    counter.reset();
    const auto again = other.query<Folder>()
                           .where(col<&Folder::name> == "root")
                           .with(selectin<&Folder::parent>.recursive())
                           .one();
    EXPECT_EQ(counter.count(), 4U);
    EXPECT_EQ(again->parent->parent->parent->parent, again);
}

TEST_F(recursive_loading, what_is_said_behind_it_holds_on_every_level_and_is_one_statement) {
    const auto root =
        named("root")
            .with(selectin<&Folder::folders>.recursive(), selectin<&Folder::folders, &Folder::files>)
            .one();
    EXPECT_EQ(counter.count(), 6U); // five for the folders, one for the files of all that it brought
    session.close();
    const auto a11 = root->folders[0]->folders[0]->folders[0];
    ASSERT_EQ(a11->files.size(), 1U);
    EXPECT_EQ(a11->files[0]->name, "a11.txt");
    EXPECT_EQ(root->folders[1]->files[0]->name, "b.txt");
    EXPECT_FALSE(root->files.is_loaded()); // nothing was said of the first level's own
}

TEST_F(recursive_loading, a_path_may_lead_to_it) {
    const auto file = session.query<File>()
                          .where(col<&File::name> == "a11.txt")
                          .with(selectin<&File::folder, &Folder::parent>.recursive())
                          .one();
    EXPECT_EQ(counter.count(), 5U); // the file; a11, a1, a, root
    session.close();
    EXPECT_EQ(file->folder->parent->parent->parent->name, "root");
}

TEST_F(recursive_loading, a_condition_holds_on_every_level_and_hides_what_is_below) {
    const auto root =
        named("root").with(selectin<&Folder::folders>.where(col<&Folder::name> != "a1").recursive()).one();
    EXPECT_EQ(shown(root), "root (a) (b)");
    EXPECT_TRUE(root->folders.is_partial());
    EXPECT_EQ(counter.count(), 3U);
}

TEST_F(recursive_loading, what_is_loaded_is_passed_through) {
    const auto root = named("root").one();
    const auto a = named("a").one();
    (void)root->folders.size();
    (void)a->folders.size();
    counter.reset();
    (void)named("root").with(selectin<&Folder::folders>.recursive()).one();
    EXPECT_EQ(counter.count(), 3U); // root; below a1; below a11: b was loaded as a peer of a
    EXPECT_EQ(shown(root), "root (a (a1 (a11))) (b)");
    EXPECT_EQ(counter.count(), 3U);
}

TEST_F(recursive_loading, the_last_option_for_a_relationship_counts) {
    const auto root =
        named("root").with(selectin<&Folder::folders>.recursive()).with(selectin<&Folder::folders>).one();
    EXPECT_EQ(shown(root), "root (a ?) (b ?)");
}

TEST_F(recursive_loading, batches_have_it_too) {
    const auto roots = session.query<Folder>()
                           .where(col<&Folder::parent>.is_null())
                           .order_by(col<&Folder::id>)
                           .with(selectin<&Folder::folders>.recursive());
    std::vector<std::string> all;
    for (const auto& batch : roots.in_batches(10)) {
        for (const auto& folder : batch) all.push_back(shown(folder));
    }
    EXPECT_EQ(all, (std::vector<std::string>{"root (a (a1 (a11))) (b)", "other"}));
}

TEST_F(recursive_loading, a_tree_may_be_as_deep_as_it_has_rows) {
    kin::session writer = db.session();
    kin::ref<Folder> last;
    for (int i = 0; i < 300; ++i) last = writer.add(Folder{.name = i == 0 ? "top" : "below", .parent = last});
    writer.commit();
    counter.reset();
    auto at = named("top").with(selectin<&Folder::folders>.recursive()).one();
    EXPECT_EQ(counter.count(), 301U);
    int depth = 1;
    for (; !at->folders.empty(); ++depth) at = at->folders[0];
    EXPECT_EQ(depth, 300);
    EXPECT_EQ(counter.count(), 301U);
}

} // namespace
