// SPDX-License-Identifier: MIT
// Random typed queries: SQLite must be able to prepare whatever kin writes.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "kin/sql/compiler.hpp"
#include "kin/sql/ddl_compiler.hpp"
#include "kin/sql/function.hpp"
#include "unit/sql/standard_dialect.hpp"

namespace {

using kin::predicate;
using kin::testing::blog;
using kin::testing::test_column;

/// Makes queries of depth 6 and less. The same seed makes the same queries.
class query_maker {
public:
    query_maker(const blog& b, unsigned seed) : blog_(b), random_(seed) {}

    kin::select_statement query() {
        kin::select_statement s;
        s.from = &blog_.user;
        s.columns = {blog_.user_id.as_expression(), kin::coalesce(blog_.user_bio, hostile())};
        if (chance(3))
            s.joins.push_back({&blog_.post, chance(2) ? kin::join_kind::inner : kin::join_kind::left_outer,
                               condition(2, 0)});
        if (!chance(8)) s.where = condition(6, 0);
        if (chance(4)) {
            s.group_by = {blog_.user_id.as_expression(), kin::lower(blog_.user_name)};
            s.having = kin::count() > number() && kin::max(blog_.user_score) != real();
        }
        if (chance(3)) s.order_by = {kin::abs(blog_.user_score).desc(), blog_.user_id.asc()};
        if (chance(3)) s.limit = 3;
        if (chance(3)) s.offset = 2;
        s.distinct = chance(5);
        return s;
    }

    /// `level`: how many SELECTs stand between here and the one over "user".
    predicate condition(int depth, std::uint8_t level) {
        const test_column<int> id(*blog_.user.find_column("id"), level);
        const test_column<std::string> name(*blog_.user.find_column("name"), level);
        const test_column<std::optional<std::string>> bio(*blog_.user.find_column("bio"), level);
        const test_column<double> score(*blog_.user.find_column("score"), level);
        const test_column<bool> active(*blog_.user.find_column("active"), level);
        if (depth > 0) {
            switch (pick(6)) {
            case 0: return condition(depth - 1, level) && condition(depth - 1, level);
            case 1: return condition(depth - 1, level) || condition(depth - 1, level);
            case 2: return !condition(depth - 1, level);
            case 3: return many(depth - 1, level);
            case 4: return level < 2 ? exists(depth - 1, level, id) : condition(depth - 1, level);
            default: break;
            }
        }
        switch (pick(14)) {
        case 0: return id == number();
        case 1: return real() < score;
        case 2: return bio == (chance(2) ? std::optional<std::string>() : hostile());
        case 3: return nullptr != bio;
        case 4: return name.contains(hostile());
        case 5: return bio.not_like(hostile());
        case 6: return id.in(std::vector<std::int64_t>(pick(4), number()));
        case 7: return bio.not_in(std::vector<std::optional<std::string>>{hostile(), std::nullopt});
        case 8: return score.between(number(), real());
        case 9: return score.not_between(number(), id);
        case 10: return active == chance(2);
        case 11: return (id + 1) * score - number() >= -real() / 3;
        case 12: return kin::character_length(kin::upper(name)) > id;
        default: return kin::round(kin::abs(score), 2) <= number() && kin::coalesce(bio, name).is_not_null();
        }
    }

private:
    unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
    bool chance(unsigned n) { return pick(n) == 0; }
    std::int64_t number() { return static_cast<std::int64_t>(random_() % 1000) - 500; }
    double real() { return static_cast<double>(number()) / 7; }
    std::string hostile() {
        static const std::string texts[] = {
            "", "it's", "\"", "%_\\", "); DROP TABLE user; --", std::string("a\0b", 3), ":x ?"};
        return texts[pick(7)];
    }

    predicate many(int depth, std::uint8_t level) {
        predicate chain;
        const bool all = chance(2);
        for (unsigned n = 2 + pick(depth > 2 ? 3 : 20); n != 0; --n) {
            chain = all ? std::move(chain) && condition(0, level) : std::move(chain) || condition(0, level);
        }
        return chain;
    }

    predicate exists(int depth, std::uint8_t level, const test_column<int>& user_id) {
        const auto posts = std::make_shared<kin::select_statement>();
        const test_column<int> outer(*blog_.user.find_column("id"), static_cast<std::uint8_t>(level + 1));
        posts->from = &blog_.post;
        posts->where = blog_.post_user_id == outer && condition(depth, static_cast<std::uint8_t>(level + 1));
        if (chance(2)) return predicate(kin::expression::exists(posts));
        posts->columns = {blog_.post_user_id.as_expression()};
        return predicate(kin::expression::in_select(user_id.as_expression(), posts));
    }

    const blog& blog_;
    std::mt19937 random_;
};

class sqlite {
public:
    sqlite() {
        EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK);
        // Else a column that is not there would be taken for a text.
        sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        // Only the statements are of interest, not the tables that their foreign keys refer to.
        sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
    }
    ~sqlite() { sqlite3_close(db_); }
    sqlite(const sqlite&) = delete;
    sqlite& operator=(const sqlite&) = delete;

    /// Empty when SQLite takes the statement and has as many parameters as kin has values.
    std::string complaint(const kin::compiled_statement& c) {
        sqlite3_stmt* statement = nullptr;
        std::string problem;
        if (sqlite3_prepare_v2(db_, c.sql.data(), static_cast<int>(c.sql.size()), &statement, nullptr) !=
            SQLITE_OK) {
            problem = sqlite3_errmsg(db_);
        } else if (sqlite3_bind_parameter_count(statement) != static_cast<int>(c.parameters.size())) {
            problem = "another number of parameters";
        }
        sqlite3_finalize(statement);
        return problem;
    }
    void execute(const std::string& sql) {
        char* problem = nullptr;
        EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK) << sql << '\n'
                                                                                         << problem;
        sqlite3_free(problem);
    }

private:
    sqlite3* db_ = nullptr;
};

/// SQL that SQLite takes, with the fewest differences from the standard.
class lite_dialect final : public kin::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "lite"; }
    [[nodiscard]] bool supports(kin::feature) const noexcept override { return true; }
    [[nodiscard]] std::string_view generated_key_words() const noexcept override { return {}; }
};

TEST(sql_fuzz, sqlite_prepares_whatever_kin_writes) {
    const blog b;
    const lite_dialect dialect;
    sqlite db;
    for (const kin::table* t : {&b.user, &b.post}) {
        db.execute(kin::compile_create_table(dialect, *t));
        for (const std::string& index : kin::compile_create_indexes(dialect, *t)) db.execute(index);
    }
    query_maker maker(b, 20'240'501);
    for (int i = 0; i < 2'000; ++i) {
        const kin::select_statement s = maker.query();
        for (const auto compile :
             {static_cast<kin::compiled_statement (*)(const kin::dialect&, const kin::select_statement&)>(
                  kin::compile),
              kin::compile_count, kin::compile_exists}) {
            const kin::compiled_statement c = compile(dialect, s);
            ASSERT_EQ(db.complaint(c), "") << "query " << i << ": " << c.sql;
            ASSERT_EQ(c.sql.find("DROP TABLE"), std::string::npos);
            ASSERT_EQ(compile(dialect, s).sql, c.sql);
        }
        const kin::compiled_statement update = kin::compile(
            dialect, kin::update_statement{.target = &b.user,
                                           .set = {{b.user.find_column("score"), b.user_score + b.user_id}},
                                           .where = maker.condition(4, 0)});
        ASSERT_EQ(db.complaint(update), "") << "query " << i << ": " << update.sql;
        const kin::compiled_statement removal =
            kin::compile(dialect, kin::delete_statement{.target = &b.user, .where = maker.condition(4, 0)});
        ASSERT_EQ(db.complaint(removal), "") << "query " << i << ": " << removal.sql;
    }
}

TEST(sql_fuzz, row_statements_prepare_with_one_parameter_a_placeholder) {
    const blog b;
    const lite_dialect dialect;
    sqlite db;
    db.execute(kin::compile_create_table(dialect, b.post));
    const std::vector<const kin::column*> columns = {b.post.find_column("title"),
                                                     b.post.find_column("user_id")};
    const std::vector<const kin::column*> key = {b.post.find_column("id"), b.post.find_column("user_id")};
    const auto prepared = [&](std::string sql, std::size_t parameters) {
        return db.complaint({std::move(sql), std::vector<kin::value>(parameters)});
    };
    EXPECT_EQ(prepared(kin::compile_insert(dialect, b.post, columns, 100, key), 200), "");
    EXPECT_EQ(prepared(kin::compile_insert(dialect, b.post, {}, 1, {}), 0), "");
    EXPECT_EQ(prepared(kin::compile_update(dialect, b.post, columns, key), 4), "");
    EXPECT_EQ(prepared(kin::compile_delete(dialect, b.post, key, 5'000), 10'000), "");
}

} // namespace
