// SPDX-License-Identifier: MIT
// docs/reliability.md names every test of a reliability item, and no other.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source_dir.hpp"

namespace {

using names = std::set<std::string>;
using names_by_number = std::map<std::string, names>;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << file;
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_number(std::string_view word) {
    return word.size() == 3 && word[0] == 'T' && std::isdigit(static_cast<unsigned char>(word[1])) != 0 &&
           std::isdigit(static_cast<unsigned char>(word[2])) != 0;
}

/// The numbers that a name begins with, or for a suite's that it has: T12 and T48 of "T12_T48_a_disk ...".
names numbers_in(std::string_view name, bool anywhere) {
    names out;
    while (!name.empty()) {
        const std::string_view word = name.substr(0, name.find('_'));
        if (is_number(word))
            out.emplace(word);
        else if (!anywhere)
            break;
        name.remove_prefix(std::min(name.size(), word.size() + 1));
    }
    return out;
}

/// These count the rows of other lists with a T.
bool has_its_own_numbers(std::string_view suite) {
    static const std::set<std::string_view> others = {"inspection", "types", "nlohmann_json"};
    return suite.starts_with("semantics_") || others.contains(suite);
}

/// The next word of letters, digits and _ from `at` on.
std::string_view word_at(std::string_view text, std::size_t& at) {
    const auto is_letter = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    while (at < text.size() && !is_letter(text[at])) ++at;
    const std::size_t start = at;
    while (at < text.size() && is_letter(text[at])) ++at;
    return text.substr(start, at - start);
}

void add_tests_of(std::string_view text, names_by_number& out) {
    for (const std::string_view macro : {"\nTEST(", "\nTEST_F(", "\nTEST_P("}) {
        for (std::size_t at = text.find(macro); at != std::string_view::npos; at = text.find(macro, at)) {
            at += macro.size();
            const std::string_view suite = word_at(text, at);
            const std::string_view name = word_at(text, at);
            if (has_its_own_numbers(suite)) continue;
            names numbers = numbers_in(suite, true);
            numbers.merge(numbers_in(name, false));
            for (const std::string& number : numbers)
                out[number].insert(std::string(suite).append(".").append(name));
        }
    }
}

names_by_number tests_in_the_sources() {
    names_by_number out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "tests"))
        if (entry.path().extension() == ".cpp") add_tests_of(text_of(entry.path()), out);
    return out;
}

/// The cells of a row of a table; none for another line.
std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> out;
    if (!line.starts_with("| T")) return out;
    line.remove_prefix(2);
    for (std::size_t end = line.find(" | "); end != std::string_view::npos; end = line.find(" | ")) {
        out.emplace_back(line.substr(0, end));
        line.remove_prefix(end + 3);
    }
    out.emplace_back(line.substr(0, line.rfind(" |")));
    return out;
}

std::vector<std::vector<std::string>> rows_of_the_page() {
    std::vector<std::vector<std::string>> out;
    std::ifstream in(source_dir() / "docs" / "reliability.md");
    for (std::string line; std::getline(in, line);)
        if (auto cells = cells_of(line); !cells.empty()) out.push_back(std::move(cells));
    return out;
}

TEST(reliability_list, names_the_tests_that_are_there_and_no_other) {
    names_by_number listed;
    for (const auto& row : rows_of_the_page()) {
        ASSERT_EQ(row.size(), 4U) << row.front();
        EXPECT_TRUE(listed.find(row[0]) == listed.end()) << row[0] << " has two rows";
        names& found = listed[row[0]];
        for (std::size_t at = row[3].find('`'); at != std::string::npos; at = row[3].find('`', at + 1)) {
            const std::size_t end = row[3].find('`', at + 1);
            found.insert(row[3].substr(at + 1, end - at - 1));
            at = end;
        }
    }
    const names_by_number there = tests_in_the_sources();
    EXPECT_GT(there.size(), 50U) << "the sources were not found";
    for (const auto& [number, tests] : there)
        EXPECT_THAT(listed[number], testing::ContainerEq(tests)) << number;
    for (const auto& [number, tests] : listed)
        EXPECT_TRUE(there.contains(number)) << number << " has no test";
}

TEST(reliability_list, says_of_each_number_what_it_demands_and_of_which_databases) {
    for (const auto& row : rows_of_the_page()) {
        EXPECT_GT(row[1].size(), 10U) << row[0];
        EXPECT_THAT(row[2], testing::AnyOf("any", testing::MatchesRegex("[SPM]( [PM])*"))) << row[0];
    }
}

/// The last cells of the table of findings: `T14, T15`.
TEST(reliability_list, has_the_tests_that_the_findings_name) {
    names listed;
    for (const auto& row : rows_of_the_page()) listed.insert(row[0]);
    const std::string page = text_of(source_dir() / "docs" / "reliability.md");
    const std::string findings = page.substr(page.find("| finding |"));
    std::istringstream rows(findings.substr(0, findings.find("\n\n")));
    std::size_t named = 0;
    for (std::string row; std::getline(rows, row);) {
        for (std::size_t at = row.find(" T", row.rfind(" | ")); at != std::string::npos;
             at = row.find(" T", at + 1), ++named)
            EXPECT_TRUE(listed.contains(row.substr(at + 1, 3))) << row;
    }
    EXPECT_GT(named, 15U);
}

TEST(reliability_list, has_every_number_that_kin_has_promised_to_have_tests_for) {
    names listed;
    for (const auto& row : rows_of_the_page()) listed.insert(row[0]);
    const auto expect_from_to = [&](int first, int last) {
        for (int n = first; n <= last; ++n) {
            const std::string number = (n < 10 ? "T0" : "T") + std::to_string(n);
            EXPECT_TRUE(listed.contains(number)) << number;
        }
    };
    expect_from_to(5, 10);
    expect_from_to(12, 30);
    expect_from_to(33, 40);
    expect_from_to(43, 49);
    expect_from_to(56, 59);
    for (const int n : {64, 72, 92}) expect_from_to(n, n);
}

} // namespace
