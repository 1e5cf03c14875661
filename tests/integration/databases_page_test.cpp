// SPDX-License-Identifier: MIT
// docs/databases.md says what each database can do. Its tables are made here, each column by a run on that database: the dialect's answers and the
// results of the compliance suite. A run compares its own column, and writes it with KIN_FIX_DOCS=1.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/schema/table.hpp"
#include "source_dir.hpp"
#include "support/suite_results.hpp"
#include "support/test_database.hpp"

namespace {

using kin::column_type;
using kin::type_kind;

/// The rows of one table: what is asked, and this database's answer.
struct answers {
    std::string heading;
    std::vector<std::pair<std::string, std::string>> rows;
};

constexpr const char* columns[] = {"sqlite", "postgresql", "mariadb"};
constexpr std::size_t column_count = std::size(columns);
using row_cells = std::vector<std::string>; // of all databases

std::string in_code(std::string_view text) { return "`" + std::string(text) + "`"; }

answers features_of(const kin::dialect& d) {
    answers all{.heading = "Features", .rows = {}};
    for (const kin::feature f : kin::testing::all_features())
        all.rows.emplace_back(in_code(kin::testing::feature_name(f)), d.supports(f) ? "yes" : "no");
    return all;
}

answers limits_of(const kin::dialect& d) {
    const auto number = [](std::size_t n) { return n == 0 ? std::string("none") : std::to_string(n); };
    const kin::dialect_limits limits = d.limits();
    return {
        .heading = "Limits",
        .rows = {{"parameters of a statement", number(limits.parameters)},
                 {"depth of an expression", number(limits.expression_depth)},
                 {"bytes of a name", number(limits.identifier_bytes)},
                 {"rows that one UPDATE can give different values", number(limits.most_rows_per_update)}}};
}

answers column_types_of(const kin::dialect& d) {
    static constexpr std::string_view words[] = {"red", "green"};
    const std::pair<const char*, column_type> types[] = {
        {"`bool`", kin::codec<bool>::type},
        {"`std::int8_t`", kin::codec<std::int8_t>::type},
        {"`std::int16_t`, `std::uint8_t`", kin::codec<std::int16_t>::type},
        {"`std::int32_t`, `std::uint16_t`", kin::codec<std::int32_t>::type},
        {"`std::int64_t`, `std::uint32_t`, `std::uint64_t`", kin::codec<std::int64_t>::type},
        {"`float`", kin::codec<float>::type},
        {"`double`", kin::codec<double>::type},
        {"`kin::decimal`", kin::codec<kin::decimal>::type},
        {"... with `kin::precision{12, 2}`", {.kind = type_kind::decimal, .precision = 12, .scale = 2}},
        {"`std::string`", kin::codec<std::string>::type},
        {"`kin::varchar<40>`", {.kind = type_kind::text, .length = 40}},
        {"... with `kin::fixed_length{2}`", {.kind = type_kind::text, .fixed_length = true, .length = 2}},
        {"`std::vector<std::byte>`", kin::codec<std::vector<std::byte>>::type},
        {"an enumeration", {.kind = type_kind::enumeration, .names = words, .name_count = 2}},
        {"... stored as `kin::enum_storage::native`",
         {.kind = type_kind::enumeration,
          .names = words,
          .name_count = 2,
          .storage = kin::enum_storage::native,
          .native_name = "color"}},
        {"`kin::uuid`", kin::codec<kin::uuid>::type},
        {"`std::chrono::year_month_day`", {.kind = type_kind::date}},
        {"`kin::time_of_day`", kin::codec<kin::time_of_day>::type},
        {"`std::chrono::sys_seconds`", {.kind = type_kind::timestamp}},
        {"`kin::offset_time`", kin::codec<kin::offset_time>::type},
        {"`std::chrono::seconds`", {.kind = type_kind::duration}},
        {"`kin::json`", kin::codec<kin::json>::type},
        {"`std::vector<std::int64_t>`", kin::codec<std::vector<std::int64_t>>::type},
        {"`std::vector<std::string>`", kin::codec<std::vector<std::string>>::type},
    };
    answers all{.heading = "Types of columns", .rows = {}};
    kin::table t("t");
    for (const auto& [name, type] : types) {
        const kin::column& c = t.add_column({.name = "c" + std::to_string(all.rows.size()), .type = type});
        all.rows.emplace_back(name, in_code(d.type_name(c)));
    }
    return all;
}

answers checks_here() {
    answers all{.heading = "Checks of the compliance suite", .rows = {}};
    for (const std::string& name : kin::testing::dialect_suite::names()) {
        const kin::testing::check_result& r = kin::testing::suite_result(name);
        all.rows.emplace_back(in_code(name), r.outcome == kin::testing::check_outcome::passed ? "yes"
                                             : r.outcome == kin::testing::check_outcome::failed
                                                 ? "fails"
                                                 : "no: " + in_code(r.reason));
    }
    return all;
}

row_cells cells_of(const std::string& line) {
    row_cells cells;
    std::istringstream in(line);
    std::string cell;
    std::getline(in, cell, '|');
    while (std::getline(in, cell, '|')) {
        const std::size_t first = std::min(cell.find_first_not_of(' '), cell.size());
        cells.push_back(cell.substr(first, cell.find_last_not_of(' ') + 1 - first));
    }
    return cells;
}

/// The page, with the rows of its tables by heading and question.
struct page {
    std::string before; // the first table
    std::map<std::string, std::map<std::string, row_cells>> tables;

    static page read(const std::string& file) {
        page p;
        std::ifstream in(file);
        std::string line;
        std::string heading;
        while (std::getline(in, line)) {
            if (line.starts_with("## ")) heading = line.substr(3);
            if (heading.empty()) p.before += line + "\n";
            const row_cells cells = line.starts_with("| ") ? cells_of(line) : row_cells();
            if (cells.size() == column_count + 1)
                p.tables[heading][cells.front()] = row_cells(cells.begin() + 1, cells.end());
        }
        return p;
    }
    [[nodiscard]] std::string answer(const std::string& heading, const std::string& question,
                                     std::size_t column) const {
        const auto table = tables.find(heading);
        if (table == tables.end()) return "no table";
        const auto row = table->second.find(question);
        return row == table->second.end() ? "no row" : row->second[column];
    }
    void write(const std::string& file, const std::vector<answers>& all, std::size_t column) {
        std::ofstream out(file, std::ios::trunc);
        out << before;
        for (const answers& table : all) {
            out << "## " << table.heading << "\n\n| | SQLite | PostgreSQL | MariaDB |\n|---|---|---|---|\n";
            for (const auto& [question, answer] : table.rows) {
                row_cells& cells =
                    tables[table.heading].try_emplace(question, column_count, "?").first->second;
                cells[column] = answer;
                out << "| " << question;
                for (const std::string& cell : cells) out << " | " << cell;
                out << " |\n";
            }
            if (&table != &all.back()) out << "\n";
        }
    }
};

TEST(databases_page, says_what_this_database_answers) {
    const kin::engine e = kin::create_engine(kin::testing::suite_url());
    { (void)e.connect(); } // a dialect may learn from its server what it can do
    const kin::dialect& d = e.dialect();
    const std::vector<answers> all = {features_of(d), limits_of(d), column_types_of(d), checks_here()};
    const auto column = static_cast<std::size_t>(
        std::find(std::begin(columns), std::end(columns), kin::testing::test_dialect()) - columns);
    ASSERT_LT(column, column_count) << "the page has no column for this database";
    const std::string file = (source_dir() / "docs/databases.md").string();
    page p = page::read(file);
    if (const char* fix = std::getenv("KIN_FIX_DOCS"); fix && std::string_view(fix) == "1") {
        p.write(file, all, column);
        p = page::read(file);
    }
    for (const answers& table : all) {
        for (const auto& [question, answer] : table.rows) {
            EXPECT_EQ(p.answer(table.heading, question, column), answer)
                << "docs/databases.md, " << table.heading << ", " << question
                << ": the page is stale; KIN_FIX_DOCS=1 ./test unit postgresql mariadb -- "
                   "--gtest_filter='databases_page.*' writes it anew";
        }
        EXPECT_EQ(p.tables[table.heading].size(), table.rows.size() + 1)
            << "rows that nobody answers any more";
    }
}

} // namespace
