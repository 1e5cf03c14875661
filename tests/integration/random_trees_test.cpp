// SPDX-License-Identifier: MIT
// Random trees, and graphs with circles, against a plain computation in memory: conditions and recursive loading give what it gives.
#include <cstddef>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace random_tree_models {

struct Item {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Item, int>> above_id;
    kin::belongs_to<Item, "above_id"> above;
    kin::has_many<Item> below;
    kin::many_to_many<Item, "linked_from"> links;
    kin::many_to_many<Item, "links"> linked_from;
};

} // namespace random_tree_models

namespace {

using random_tree_models::Item;

/// Who leads to whom, by numbers from 1 on; independent of kin.
struct graph {
    std::vector<std::set<int>> next;
    explicit graph(int size) : next(static_cast<std::size_t>(size) + 1) {}

    void add(int from, int to) { next[static_cast<std::size_t>(from)].insert(to); }
    [[nodiscard]] graph turned() const {
        graph other(static_cast<int>(next.size()) - 1);
        for (std::size_t from = 1; from < next.size(); ++from) {
            for (const int to : next[from]) other.add(to, static_cast<int>(from));
        }
        return other;
    }
    /// Whom one comes to from `start` in one step or more, without itself.
    [[nodiscard]] std::set<int> reached_from(int start) const {
        std::set<int> reached;
        std::vector<int> open{start};
        while (!open.empty()) {
            const int at = open.back();
            open.pop_back();
            for (const int to : next[static_cast<std::size_t>(at)]) {
                if (reached.insert(to).second) open.push_back(to);
            }
        }
        reached.erase(start);
        return reached;
    }
};

class random_trees : public testing::TestWithParam<unsigned> {
protected:
    static constexpr int size = 40;
    void SetUp() override {
        if (!db.engine().dialect().supports(kin::feature::recursive_queries))
            GTEST_SKIP() << "no recursive queries";
        db.create_all<Item>();
        std::mt19937 random(GetParam());
        const bool with_circles = GetParam() % 2 == 0;
        const auto number = [&](int up_to) {
            return static_cast<int>(random() % static_cast<unsigned>(up_to)) + 1;
        };
        kin::session writer = db.session();
        std::vector<kin::ref<Item>> all{{}};
        for (int i = 1; i <= size; ++i) all.push_back(writer.add(Item{.id = i}));
        for (int i = 1; i <= size; ++i) {
            const int above = with_circles ? number(size) : number(size) % i; // 0: a root
            if (number(8) == 1 || above == 0) continue;
            all[static_cast<std::size_t>(i)]->above = all[static_cast<std::size_t>(above)];
            below.add(above, i);
        }
        for (int i = 0; i < size; ++i) {
            const int from = number(size), to = number(size);
            if (!links.next[static_cast<std::size_t>(from)].insert(to).second) continue;
            all[static_cast<std::size_t>(from)]->links.push_back(all[static_cast<std::size_t>(to)]);
        }
        writer.commit();
    }
    std::set<int> ids(kin::predicate condition) {
        std::set<int> found;
        for (const auto& item : session.query<Item>().where(std::move(condition)))
            EXPECT_TRUE(found.insert(item->id).second) << "an object came twice";
        return found;
    }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    graph below{size}, links{size};
};

TEST_P(random_trees, conditions_find_what_a_walk_in_memory_finds) {
    const graph above = below.turned();
    const graph linked_from = links.turned();
    for (int i = 1; i <= size; ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(ids(kin::descendant_of<&Item::above>(i)), below.reached_from(i));
        EXPECT_EQ(ids(kin::ancestor_of<&Item::above>(i)), above.reached_from(i));
        EXPECT_EQ(ids(kin::descendant_of<&Item::links>(i)), links.reached_from(i));
        EXPECT_EQ(ids(kin::ancestor_of<&Item::links>(i)), linked_from.reached_from(i));
        std::set<int> with_self = below.reached_from(i);
        with_self.insert(i);
        EXPECT_EQ(ids(kin::descendant_of<&Item::below>(i).or_self()), with_self);
    }
}

/// What is in memory along `next_of`, from `start`; fails where something is not loaded.
template <class F> std::set<int> walked(const kin::ref<Item>& start, F next_of) {
    std::set<int> reached;
    std::vector<kin::ref<Item>> open{start};
    while (!open.empty()) {
        const kin::ref<Item> at = open.back();
        open.pop_back();
        for (const kin::ref<Item>& to : next_of(at)) {
            if (reached.insert(to->id).second) open.push_back(to);
        }
    }
    reached.erase(start->id);
    return reached;
}

template <class Many> std::vector<kin::ref<Item>> in_memory(const Many& many) {
    EXPECT_TRUE(many.is_loaded());
    return {many.begin(), many.end()};
}

TEST_P(random_trees, recursive_loading_brings_all_of_it_and_nothing_loads_later) {
    const graph above = below.turned();
    for (int i = 1; i <= size; i += 3) {
        SCOPED_TRACE(i);
        kin::session own = db.session();
        const auto start = own.query<Item>()
                               .where(kin::col<&Item::id> == i)
                               .with(kin::selectin<&Item::below>.recursive())
                               .with(kin::selectin<&Item::links>.recursive())
                               .one();
        kin::session upward = db.session();
        const auto leaf = upward.query<Item>()
                              .where(kin::col<&Item::id> == i)
                              .with(kin::selectin<&Item::above>.recursive())
                              .one();
        own.close();
        upward.close(); // what is not loaded by now would be an error
        EXPECT_EQ(walked(start, [](const auto& at) { return in_memory(at->below); }), below.reached_from(i));
        EXPECT_EQ(walked(start, [](const auto& at) { return in_memory(at->links); }), links.reached_from(i));
        EXPECT_EQ(walked(leaf,
                         [](const auto& at) {
                             return at->above ? std::vector<kin::ref<Item>>{at->above}
                                              : std::vector<kin::ref<Item>>();
                         }),
                  above.reached_from(i));
    }
}

INSTANTIATE_TEST_SUITE_P(seeds, random_trees, testing::Range(1U, 9U));

} // namespace
