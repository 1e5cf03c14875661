// SPDX-License-Identifier: MIT
#include <algorithm>
#include <functional>
#include <random>

#include "kin/orm/load_options.hpp"
#include "unit/orm/world.hpp"

// However a graph is loaded, it is the same graph: random ones, loaded by each strategy, with conditions, orders and limits.

namespace {

using kin::col;
using world::Article;
using world::Author;
using world::Profile;
using world::Tag;

class strategies : public world::test {
protected:
    unsigned below(unsigned n) { return static_cast<unsigned>(random() % n); }

    void fill() {
        kin::session writer = db.session();
        std::vector<kin::ref<Author>> authors;
        std::vector<kin::ref<Tag>> tags;
        for (unsigned i = 0, n = 1 + below(7); i < n; ++i)
            authors.push_back(writer.add(world::author("author " + std::to_string(100 - i))));
        for (unsigned i = 0, n = below(5); i < n; ++i)
            tags.push_back(writer.add(world::tag("tag " + std::to_string(i))));
        for (auto& author : authors) {
            if (below(3) != 0) author->profile = world::profile("profile of " + author->name);
            for (unsigned i = 0, n = below(4); i < n; ++i) {
                auto article = world::article(author->name + ", " + std::to_string(i));
                author->articles.push_back(article);
                for (auto& tag : tags) {
                    if (below(2) == 0) article->tags.push_back(tag);
                }
            }
            for (auto& other : authors) {
                if (below(3) == 0) author->following.push_back(other);
            }
        }
        for (unsigned i = 0, n = below(3); i < n; ++i) writer.add(world::article("of nobody"));
        writer.commit();
    }

    /// The names of a collection, sorted: without an order the database may give any.
    template <class Collection, class F> static std::string sorted(const Collection& many, F&& name_of) {
        std::vector<std::string> names;
        for (const auto& one : many) names.push_back(name_of(*one));
        std::sort(names.begin(), names.end());
        std::string text = "(";
        for (const std::string& name : names) text += name + "; ";
        return text + ")";
    }
    /// All that can be read from the authors, in their order.
    static std::string picture(const std::vector<kin::ref<Author>>& authors) {
        std::string text;
        for (const auto& author : authors) {
            text += author->name + ": " + (author->profile ? author->profile->bio : "no profile");
            text += sorted(author->articles, [](const Article& article) {
                return article.title + " by " + article.author->name +
                       sorted(article.tags, [](const Tag& tag) { return tag.name; });
            });
            text += sorted(author->followers, [](const Author& other) { return other.name; }) + "\n";
        }
        return text;
    }

    struct outcome {
        std::string picture;
        std::size_t by_query = 0; // statements
        std::size_t in_all = 0;
    };
    using plan = std::function<kin::query<Author>(kin::query<Author>)>;
    outcome load(const plan& narrowed, const plan& loaded, bool warm) {
        kin::session reader = db.session();
        std::vector<kin::ref<Article>> known; // objects that are there before
        if (warm) known = reader.query<Article>().where(col<&Article::id> < 4).all();
        counter.reset();
        outcome made;
        const auto authors = loaded(narrowed(reader.query<Author>())).all();
        made.by_query = counter.count();
        made.picture = picture(authors);
        made.in_all = counter.count();
        return made;
    }

    std::mt19937 random;
};

kin::query<Author> by_peers(kin::query<Author> q) { return q; }
kin::query<Author> by_selectin(kin::query<Author> q) {
    return q.with(kin::selectin<&Author::profile>, kin::selectin<&Author::articles, &Article::tags>,
                  kin::selectin<&Author::followers>);
}
kin::query<Author> by_joined(kin::query<Author> q) {
    return q.with(kin::joined<&Author::profile>, kin::joined<&Author::articles, &Article::tags>,
                  kin::joined<&Author::followers>);
}
kin::query<Author> by_joined_then_selectin(kin::query<Author> q) {
    return q.with(kin::joined<&Author::profile>, kin::joined<&Author::articles>,
                  kin::selectin<&Author::articles, &Article::tags>, kin::selectin<&Author::followers>);
}
kin::query<Author> by_selectin_then_joined(kin::query<Author> q) {
    return q.with(kin::selectin<&Author::articles>, kin::joined<&Author::articles, &Article::tags>,
                  kin::joined<&Author::followers>, kin::selectin<&Author::profile>);
}

TEST_F(strategies, give_the_same_graph) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        random.seed(seed);
        db.drop_all<Author, Profile, Article, Tag, world::Badge>();
        db.create_all<Author, Profile, Article, Tag, world::Badge>();
        fill();
        const unsigned limit = below(5), offset = below(3);
        const plan narrowings[] = {
            [](kin::query<Author> q) { return q.order_by(col<&Author::id>); },
            [](kin::query<Author> q) { return q.order_by(col<&Author::name>); },
            [=](kin::query<Author> q) { return q.order_by(col<&Author::name>).limit(limit).offset(offset); },
            [](kin::query<Author> q) {
                return q.where(col<&Author::articles>.any()).order_by(col<&Author::id>.desc()).limit(2);
            },
        };
        for (const plan& narrowed : narrowings) {
            for (const bool warm : {false, true}) {
                SCOPED_TRACE(testing::Message() << "seed " << seed << ", narrowing "
                                                << (&narrowed - narrowings) << ", warm " << warm);
                const outcome expected = load(narrowed, by_peers, warm);
                EXPECT_EQ(expected.by_query, 1U);
                const outcome joined = load(narrowed, by_joined, warm);
                EXPECT_EQ(joined.picture, expected.picture);
                EXPECT_EQ(joined.in_all, 1U);
                for (const plan& other :
                     {plan(by_selectin), plan(by_joined_then_selectin), plan(by_selectin_then_joined)}) {
                    const outcome made = load(narrowed, other, warm);
                    EXPECT_EQ(made.picture, expected.picture);
                    EXPECT_LE(made.by_query, 5U);
                    EXPECT_EQ(made.in_all, made.by_query) << "nothing is left to be loaded";
                }
            }
        }
    }
}

} // namespace
