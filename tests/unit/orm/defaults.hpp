// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>

#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

/// Models with defaults of columns by functions and by SQL: insert_default and update_default.
namespace defaults {

using time_point = std::chrono::sys_time<std::chrono::microseconds>;

inline int calls = 0;                    // of all functions
inline std::function<void()> hook;       // called by each
inline std::vector<std::string> heard;   // by on_set handlers
inline std::vector<std::string> checked; // by validators

inline void note_call() {
    ++calls;
    if (hook) hook();
}

/// By functions.
struct Page {
    kin::primary_key<int> id;
    kin::varchar<60> title;
    kin::field<std::string, kin::length{60}, kin::unique> slug;
    int number = 0;
    std::optional<std::string> changed;
    std::int64_t touched = 0;
};
inline void describe(kin::mapping<Page>& m) {
    m.column<&Page::slug>()
        .insert_default([](const Page& p) {
            note_call();
            return "the-" + std::string(p.title);
        })
        .validate([](const Page&, const std::string& slug) {
            checked.push_back(slug);
            return slug != "the-forbidden";
        })
        .on_set(
            [](const kin::ref<Page>&, const std::string&, const std::string& now) { heard.push_back(now); });
    m.column<&Page::number>().insert_default([] {
        note_call();
        return 7;
    });
    m.column<&Page::changed>().update_default([](const Page& p) {
        note_call();
        return "now " + std::string(p.title);
    });
    m.column<&Page::touched>().update_default([] {
        note_call();
        return 5;
    });
}

/// By SQL.
struct Stamp {
    kin::primary_key<int> id;
    kin::varchar<60> name;
    time_point created_at;
    kin::varchar<20> mark;
    time_point changed_at;
    std::int64_t edits = 0;
};
inline kin::sql_expression<std::string> upper_of(std::string_view text) {
    return kin::sql_expression<std::string>(
        kin::expression::call("upper", {kin::expression::of_value(kin::value(text))}));
}
inline void describe(kin::mapping<Stamp>& m) {
    m.column<&Stamp::created_at>().insert_default(kin::now());
    m.column<&Stamp::mark>().insert_default(upper_of("new")); // with a parameter
    m.column<&Stamp::changed_at>().insert_default(kin::now()).update_default(kin::now());
    m.column<&Stamp::edits>().update_default([] { return kin::col<&Stamp::edits> + 1; });
}

/// Only such SQL as many rows of one UPDATE can share, and a version.
struct Doc {
    kin::primary_key<int> id;
    std::string text;
    kin::field<int, kin::version> version;
    std::optional<time_point> changed_at;
};
inline void describe(kin::mapping<Doc>& m) { m.column<&Doc::changed_at>().update_default(kin::now()); }

/// Known by a text, which others refer to.
struct Label;
struct Country {
    kin::primary_key<std::string> code;
    int population = 0;
    std::int64_t edits = 0;
    kin::has_many<Label> labels;
};
struct Label {
    kin::primary_key<int> id;
    kin::foreign_key<&Country::code> country_code;
    kin::belongs_to<Country> country;
};
inline void describe(kin::mapping<Country>& m) {
    m.column<&Country::edits>().update_default([] { return kin::col<&Country::edits> + 1; });
}

/// A key that a function makes, of rows that others refer to.
struct Leaf;
struct Tree {
    kin::field<kin::uuid, kin::key> id;
    std::string name;
    kin::has_many<Leaf> leaves;
};
struct Leaf {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Tree::id>> tree_id;
    kin::belongs_to<Tree> tree;
};
inline void describe(kin::mapping<Tree>& m) {
    m.column<&Tree::id>().insert_default([] { return kin::uuid::v4(); });
}

class test : public testing::Test {
protected:
    test() {
        db.create_all<Page, Stamp, Doc, Country, Label, Tree, Leaf>();
        calls = 0;
        hook = nullptr;
        heard.clear();
        checked.clear();
        counter.reset();
    }
    ~test() override { hook = nullptr; }

    template <class T = std::int64_t> T stored(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    /// What another session reads.
    template <class T, class Key> kin::ref<T> stored_object(const Key& id) {
        kin::session& reader = readers_.emplace_back(db.session());
        return reader.get_one<T>(id);
    }
    template <class F> std::vector<std::string> statements_of(F&& work) {
        counter.reset();
        work();
        return counter.statements();
    }
    [[nodiscard]] bool supports(kin::feature f) const { return db.engine().dialect().supports(f); }
    /// Whether it is about now.
    static bool is_now(time_point t) {
        const auto now = std::chrono::system_clock::now();
        return t > now - std::chrono::minutes(1) && t < now + std::chrono::minutes(1);
    }

    kin::database db{kin::testing::fresh_url(), {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};

private:
    std::vector<kin::session> readers_;
};

} // namespace defaults
