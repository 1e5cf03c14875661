// SPDX-License-Identifier: MIT
#include "unit/orm/model_machine.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "unit/orm/model_machine_changes.hpp"
#include "unit/orm/model_machine_checks.hpp"
#include "unit/orm/model_machine_reads.hpp"

// Random sequences of operations, each compared with a plain model after every step: see model_machine.hpp.
// KIN_SEED=n runs from another seed on, KIN_SEQUENCES=n as many sequences, KIN_OPERATIONS=n as long ones.

namespace {

namespace kept {

struct Post;
struct Comment;

struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    kin::has_many<Post> posts;
};
struct Post {
    kin::primary_key<int> id;
    std::string title;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
    kin::has_many<Comment> comments;
};
struct Comment {
    kin::primary_key<int> id;
    std::string text;
    std::optional<kin::foreign_key<&Post::id>> post_id;
    kin::belongs_to<Post> post;
};
void describe(kin::mapping<User>& m) { m.relationship<&User::posts>().cascade(kin::cascade::all); }

} // namespace kept

namespace orphaned {

struct Post;
struct Comment;

struct User {
    int id = 0;
    std::string name;
    kin::has_many<Post> posts;
};
struct Post {
    int id = 0;
    std::string title;
    kin::foreign_key<&User::id> user_id;
    kin::belongs_to<User> user;
    kin::has_many<Comment> comments;
};
struct Comment {
    int id = 0;
    std::string text;
    std::optional<kin::foreign_key<&Post::id>> post_id;
    kin::belongs_to<Post> post;
};
void describe(kin::mapping<User>& m) {
    m.relationship<&User::posts>().cascade(kin::cascade::all | kin::cascade::delete_orphan);
}

} // namespace orphaned

struct kept_posts {
    using User = kept::User;
    using Post = kept::Post;
    using Comment = kept::Comment;
    static constexpr bool orphans = false;
};
struct orphaned_posts {
    using User = orphaned::User;
    using Post = orphaned::Post;
    using Comment = orphaned::Comment;
    static constexpr bool orphans = true;
};

std::size_t number_from(const char* variable, std::size_t otherwise) {
    const char* given = std::getenv(variable);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

struct outcome {
    std::string failure; // empty: none
    std::vector<std::string> steps;
};

template <class Models>
outcome play(kin::database& db, const std::vector<model_based::operation>& operations) {
    outcome result;
    model_based::machine<Models> machine(db);
    try {
        for (const model_based::operation& o : operations) machine.run(o);
    } catch (const std::exception& e) {
        result.failure = e.what();
    }
    result.steps = machine.log();
    if (!machine.current().empty()) result.steps.push_back(machine.current());
    return result;
}

/// Leaves out operations as long as the sequence still fails.
template <class Models>
std::vector<model_based::operation> shortened(kin::database& db,
                                              std::vector<model_based::operation> operations) {
    for (std::size_t size = operations.size() / 2; size != 0; size /= 2) {
        for (std::size_t at = 0; at + size <= operations.size();) {
            std::vector<model_based::operation> fewer = operations;
            const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
            fewer.erase(from, from + static_cast<std::ptrdiff_t>(size));
            if (play<Models>(db, fewer).failure.empty()) {
                at += size;
            } else {
                operations = std::move(fewer);
            }
        }
    }
    return operations;
}

template <class Models> void play_sequences() {
    const std::size_t first = number_from("KIN_SEED", 1);
    const std::size_t sequences = number_from("KIN_SEQUENCES", 300);
    const std::size_t length = number_from("KIN_OPERATIONS", 60);
    kin::database db{kin::testing::fresh_url()};
    db.create_all<typename Models::User, typename Models::Post, typename Models::Comment>();
    for (std::size_t seed = first; seed < first + sequences; ++seed) {
        const auto operations = model_based::random_operations(static_cast<std::uint32_t>(seed), length);
        if (play<Models>(db, operations).failure.empty()) continue;
        const outcome shortest = play<Models>(db, shortened<Models>(db, operations));
        std::string story;
        for (const std::string& step : shortest.steps) {
            if (step != "nothing") story += "\n  " + step;
        }
        FAIL() << "seed " << seed << ": " << shortest.failure << "\nafter" << story;
    }
}

TEST(model_based, objects_and_database_stay_in_step_with_a_plain_model) { play_sequences<kept_posts>(); }

TEST(model_based, also_when_a_post_that_leaves_its_user_is_deleted) { play_sequences<orphaned_posts>(); }

} // namespace
