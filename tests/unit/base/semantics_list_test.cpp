// SPDX-License-Identifier: MIT
// docs/semantics.md: every statement has a test of its letter and number, and the page counts them right.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source_dir.hpp"

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << file;
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string page() { return text_of(source_dir() / "docs" / "semantics.md"); }

/// What kin does, by statement: "holds", "differs" or "ruled out by C++".
std::map<std::string, std::string> statements_of_the_page() {
    std::map<std::string, std::string> out;
    const std::regex row(R"(\| ((?:[A-Z]\d+ ?)+)\| .* \| (holds|differs|ruled out by C\+\+) \|.*)");
    std::istringstream lines(page());
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (!std::regex_match(line, found, row)) continue;
        std::istringstream numbers(found[1].str());
        for (std::string number; numbers >> number;)
            EXPECT_TRUE(out.emplace(number, found[2]).second) << number << " has two rows";
    }
    return out;
}

void add_matches(const std::string& text, const std::regex& what, std::set<std::string>& out) {
    for (auto m = std::sregex_iterator(text.begin(), text.end(), what); m != std::sregex_iterator(); ++m)
        out.insert((*m)[1]);
}

/// Numbers in the names of tests and suites, and in programs that must not compile.
std::set<std::string> statements_with_tests() {
    std::set<std::string> out;
    const std::regex test(R"(\nTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+))");
    const std::regex number(R"((?:^|_)([A-Z]\d+)(?=_|$))");
    const std::regex program(R"(// Statement ([A-Z]\d+) of docs/semantics\.md)");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "tests")) {
        if (entry.path().extension() != ".cpp") continue;
        const std::string text = text_of(entry.path());
        for (auto m = std::sregex_iterator(text.begin(), text.end(), test); m != std::sregex_iterator(); ++m)
            add_matches((*m)[1].str() + "_" + (*m)[2].str(), number, out);
        if (entry.path().parent_path().filename() == "must_not_compile") add_matches(text, program, out);
    }
    return out;
}

TEST(semantics_list, every_statement_has_a_test) {
    const std::set<std::string> tested = statements_with_tests();
    for (const auto& [number, answer] : statements_of_the_page())
        EXPECT_TRUE(tested.contains(number)) << number << " (" << answer << ") has no test";
}

TEST(semantics_list, counts_its_statements) {
    std::map<std::string, int> count;
    for (const auto& [number, answer] : statements_of_the_page()) ++count[answer];
    std::ostringstream sentence;
    sentence << "Of " << count["holds"] + count["differs"] + count["ruled out by C++"] << " statements "
             << count["holds"] << " hold, " << count["differs"] << " differ and " << count["ruled out by C++"]
             << " are\nruled out";
    EXPECT_THAT(page(), testing::HasSubstr(sentence.str()));
}

} // namespace
