// SPDX-License-Identifier: MIT
#pragma once

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

/// Models with every kind of relationship: one-to-one, many-to-many on both sides and on one, of a class with itself, a tree.
namespace world {

struct Profile;
struct Tag;
struct Article;

struct Author {
    kin::primary_key<int> id;
    kin::field<std::string, kin::unique> name;
    kin::has_one<Profile> profile;
    kin::has_many<Article> articles;
    kin::many_to_many<Author, "followers"> following;
    kin::many_to_many<Author, "following"> followers;
};

struct Profile {
    kin::primary_key<int> id;
    std::string bio;
    std::optional<kin::foreign_key<&Author::id>> author_id;
    kin::belongs_to<Author> author;
};

struct Article {
    kin::primary_key<int> id;
    std::string title;
    std::optional<kin::foreign_key<&Author::id>> author_id;
    kin::belongs_to<Author> author;
    kin::many_to_many<Tag> tags;
};

struct Badge {
    kin::primary_key<int> id;
    std::string name;
};

struct Tag {
    kin::primary_key<int> id;
    std::string name;
    kin::many_to_many<Article> articles;
    kin::many_to_many<Badge> badges; // Badge does not know
};

inline kin::ref<Author> author(std::string_view name) { return kin::make(Author{.name = std::string(name)}); }
inline kin::ref<Article> article(std::string_view title) {
    return kin::make(Article{.title = std::string(title)});
}
inline kin::ref<Tag> tag(std::string_view name) { return kin::make(Tag{.name = std::string(name)}); }
inline kin::ref<Badge> badge(std::string_view name) { return kin::make(Badge{.name = std::string(name)}); }
inline kin::ref<Profile> profile(std::string_view bio) { return kin::make(Profile{.bio = std::string(bio)}); }

class test : public testing::Test {
protected:
    test() {
        db.create_all<Author, Profile, Article, Tag, Badge>();
        counter.reset();
    }
    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    /// The statements that `work` sends, without BEGIN and COMMIT.
    template <class F> std::vector<std::string> statements_of(F&& work) {
        counter.reset();
        work();
        return counter.statements();
    }

    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

} // namespace world
