// SPDX-License-Identifier: MIT
#include "support/test_database.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kin/base/error.hpp"
#include "kin/create_engine.hpp"
#include "kin/engine/connection.hpp"
#include "kin/engine/url.hpp"

namespace kin::testing {

namespace {

std::string with_options(std::string url, std::string_view options) {
    if (options.empty()) return url;
    url += url.find('?') == std::string::npos ? '?' : '&';
    return url.append(options);
}

/// The URL with another database.
std::string with_database(const std::string& url, const std::string& name) {
    kin::url where = kin::url::parse(url);
    where.database = name;
    return where.to_string_with_password();
}

/// The schemas, or on MariaDB the databases, of the running test. They go when it has ended and its fixture is gone.
class schemas final : public ::testing::EmptyTestEventListener {
public:
    std::string make() {
        if (!server_)
            server_ = std::make_unique<engine>(
                create_engine(with_options(test_url(), "lock_timeout_ms=5000"), {.pool_size = 1}));
        std::string name = "kin_" + std::to_string(getpid()) + "_" + std::to_string(++count_);
        server_->connect().execute(on_mariadb() ? "CREATE DATABASE " + name + mariadb_collation
                                                : "CREATE SCHEMA " + name);
        names_.push_back(name);
        return name;
    }
    void OnTestEnd(const ::testing::TestInfo&) override {
        if (names_.empty()) return;
        const std::vector<std::string> names = std::exchange(names_, {});
        try {
            connection c = server_->connect();
            if (on_mariadb()) {
                for (const std::string& name : names) c.execute("DROP DATABASE " + name);
                return;
            }
            std::string all;
            for (const std::string& name : names) all.append(all.empty() ? "" : ", ").append(name);
            c.execute("DROP SCHEMA " + all + " CASCADE");
        } catch (const error& e) {
            ADD_FAILURE() << "the test left a connection with an open transaction: " << e.what();
        }
    }
    void OnTestProgramEnd(const ::testing::UnitTest&) override { server_.reset(); }

private:
    static constexpr const char* mariadb_collation = " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

    std::unique_ptr<engine> server_;
    std::vector<std::string> names_;
    int count_ = 0;
};

schemas& current_schemas() {
    static schemas* const listener = [] {
        auto* made = new schemas; // owned by GoogleTest from here on
        ::testing::UnitTest::GetInstance()->listeners().Append(made);
        return made;
    }();
    return *listener;
}

} // namespace

const std::string& test_url() {
    static const std::string url = [] {
        const char* given = std::getenv("KIN_TEST_URL");
        return std::string(given != nullptr && *given != '\0' ? given : "sqlite:///:memory:");
    }();
    return url;
}

std::string_view test_dialect() { return std::string_view(test_url()).substr(0, test_url().find(':')); }

std::string fresh_url(std::string_view options) {
    if (on_sqlite()) return with_options(test_url(), options);
    // Whoever waits for a lock in a test waits for a mistake.
    const std::string url = with_options(test_url(), "lock_timeout_ms=3000");
    const std::string name = current_schemas().make();
    return with_options(on_mariadb() ? with_database(url, name) : with_options(url, "search_path=" + name),
                        options);
}

std::string_view endless_query() {
    // No SLEEP: the server may notice only seconds later that it was to stop one.
    if (on_mariadb())
        return "SELECT CAST(count(*) AS CHAR) FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b";
    if (on_sqlite()) {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT CAST(count(*) AS "
               "TEXT) FROM n";
    }
    return "SELECT CAST(pg_sleep(600) AS TEXT)";
}

namespace {

/// Of MariaDB, whose placeholders have no numbers: its quotes and its lists.
std::string with_standard_quotes(std::string sql) {
    static constexpr std::string_view list =
        "(SELECT j.v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS j)";
    if (const std::size_t at = sql.find(list); at != std::string::npos)
        sql.replace(at, list.size(), "(SELECT value FROM json_each(?1))");
    std::replace(sql.begin(), sql.end(), '`', '"');
    return sql;
}

} // namespace

std::string as_on_sqlite(std::string_view sql) {
    if (test_dialect() == "mariadb") return with_standard_quotes(std::string(sql));
    static constexpr std::string_view array = " = ANY (CAST($";
    static constexpr std::string_view array_end = " AS BIGINT[]))";
    std::string out;
    while (!sql.empty()) {
        const bool is_array = sql.starts_with(array);
        if (!is_array && !sql.starts_with('$')) {
            out += sql.front();
            sql.remove_prefix(1);
            continue;
        }
        sql.remove_prefix(is_array ? array.size() : 1);
        const std::size_t digits = std::min(sql.find_first_not_of("0123456789"), sql.size());
        if (is_array)
            out.append(" IN (SELECT value FROM json_each(?").append(sql.substr(0, digits)).append("))");
        else
            out += '?';
        sql.remove_prefix(digits + (is_array ? array_end.size() : 0));
    }
    return out;
}

std::vector<std::string> sql_counter::statements() const {
    std::vector<std::string> out = statement_counter::statements();
    if (!on_sqlite()) std::transform(out.begin(), out.end(), out.begin(), as_on_sqlite);
    return out;
}

} // namespace kin::testing
