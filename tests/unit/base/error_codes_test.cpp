// SPDX-License-Identifier: MIT
// Every error code that kin can throw has a section in docs/errors.md, and every section a code.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "source_dir.hpp"

namespace {

using code_set = std::set<std::string>;
using text_by_name = std::map<std::string, std::string>;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << file;
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The files of include/ and src/, by their path from the project's folder.
const text_by_name& sources() {
    static const text_by_name files = [] {
        text_by_name out;
        for (const char* folder : {"include", "src"}) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / folder)) {
                const auto& path = entry.path();
                if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
                out.emplace(std::filesystem::relative(path, source_dir()).generic_string(), text_of(path));
            }
        }
        return out;
    }();
    return files;
}

/// The sections of docs/errors.md: heading and text.
const text_by_name& sections() {
    static const text_by_name found = [] {
        text_by_name out;
        const std::string text = text_of(source_dir() / "docs/errors.md");
        for (std::size_t at = text.find("\n## "); at != std::string::npos;) {
            const std::size_t end_of_line = text.find('\n', at + 1);
            const std::size_t next = text.find("\n## ", end_of_line);
            const std::string heading = text.substr(at + 4, end_of_line - at - 4);
            const bool is_new = out.emplace(heading, text.substr(end_of_line, next - end_of_line)).second;
            EXPECT_TRUE(is_new) << heading << " has two sections";
            at = next;
        }
        return out;
    }();
    return found;
}

/// Calls `take` with what follows each `mark` in `text`, spaces left out.
template <class Take> void after_each(std::string_view text, std::string_view mark, Take&& take) {
    for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
        const auto start = text.find_first_not_of(" \n", at + mark.size());
        if (start != std::string_view::npos) take(text.substr(start));
    }
}

/// The string literal at the start of `text`, if it looks like a code: "null_ref"; else empty.
std::string code_at(std::string_view text) {
    if (!text.starts_with('"')) return {};
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", 1);
    return end != std::string_view::npos && text[end] == '"' ? std::string(text.substr(1, end - 1))
                                                             : std::string();
}

/// What is assigned in each `.code = ...` of `text`: `"null_ref"`, `known->name`.
template <class Take> void each_assignment(std::string_view text, Take&& take) {
    after_each(text, ".code", [&](std::string_view rest) {
        if (!rest.starts_with('=') || rest.starts_with("==")) return;
        rest.remove_prefix(std::min(rest.find_first_not_of("= \n"), rest.size()));
        take(rest.substr(0, rest.find_first_of(",;")));
    });
}

/// Where a file hands on a code that it was given: what stands before the literal where it is given. `until`, if any, ends
/// the mark: raise<unique_violation>, "unique_violation".
struct indirection {
    std::string_view file;
    std::string_view mark;
    std::string_view until = {};
};

/// A file that has `.code =` without a literal and is not here fails the test: add it, with the calls that carry its codes.
constexpr indirection indirections[] = {
    {"src/kin/sql/refuse.cpp", "refuse("},
    {"src/kin/base/decimal.cpp", "refuse("},
    {"src/kin/orm/session_states.cpp", "fail_state("},
    {"src/kin/orm/row_cells.cpp", "refuse("},
    {"src/kin/orm/loading.cpp", " code = "},
    {"src/kin/sqlite/statement.cpp", "refuse_statement("},
    {"src/kin/sqlite/statement.cpp", "refuse_value("},
    {"src/kin/sqlite/errors.cpp", "raise<", ">,"},
    {"src/kin/base/decimal.cpp", "refuse("},
    {"src/kin/postgresql/errors.cpp", "raise<", ">,"},
    {"src/kin/postgresql/parameters.cpp", "refuse("},
    {"src/kin/postgresql/statement.cpp", "refuse("},
    {"src/kin/mariadb/parameters.cpp", "refuse_value("},
    {"src/kin/mariadb/errors.cpp", "raise<", ">,"},
};

/// The codes that are given through `way` anywhere: a helper of one file may be called in others.
code_set codes_through(const indirection& way) {
    code_set codes;
    for (const auto& [name, text] : sources()) {
        after_each(text, way.mark, [&](std::string_view rest) {
            if (!way.until.empty()) {
                const auto end = rest.find(way.until);
                if (end > rest.find_first_of("\";")) return; // another use of the mark
                rest.remove_prefix(end + way.until.size());
                rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
            }
            if (std::string code = code_at(rest); !code.empty()) codes.insert(std::move(code));
        });
    }
    return codes;
}

const code_set& thrown_codes() {
    static const code_set codes = [] {
        code_set all;
        for (const auto& [name, text] : sources()) {
            each_assignment(text, [&](std::string_view assigned) {
                // Each literal of it: there may be a choice, `null ? "unexpected_null" : "conversion_error"`.
                for (std::size_t i = 0; i < assigned.size(); ++i) {
                    if (std::string code = code_at(assigned.substr(i)); !code.empty()) all.insert(code);
                }
            });
        }
        for (const indirection& way : indirections) all.merge(codes_through(way));
        return all;
    }();
    return codes;
}

TEST(error_codes, every_place_that_makes_an_error_is_understood_by_this_test) {
    for (const auto& [name, text] : sources()) {
        each_assignment(text, [&, &file = name](std::string_view assigned) {
            if (assigned.find('"') != std::string_view::npos || assigned.starts_with("{}")) return;
            EXPECT_TRUE(std::any_of(std::begin(indirections), std::end(indirections),
                                    [&](const indirection& way) { return way.file == file; }))
                << file << " makes an error with a code from elsewhere (.code = " << assigned
                << "); add it to the indirections of this test";
        });
        after_each(text, "throw ", [&, &file = name](std::string_view rest) {
            const auto open = rest.find("({");
            if (open > rest.find(';')) return;
            EXPECT_EQ(code_at(rest.substr(open + 2)), "") << file << ": name the code: {.code = \"...\"";
        });
    }
    for (const indirection& way : indirections) {
        EXPECT_FALSE(codes_through(way).empty()) << way.file << ": nothing calls " << way.mark << " any more";
    }
}

TEST(error_codes, every_code_has_a_section_in_the_document) {
    for (const std::string& code : thrown_codes()) {
        EXPECT_TRUE(sections().contains(code)) << "docs/errors.md has no section `## " << code << "`";
    }
}

TEST(error_codes, every_section_of_the_document_is_a_code) {
    EXPECT_GT(thrown_codes().size(), 60U);
    for (const auto& [heading, text] : sections()) {
        EXPECT_TRUE(thrown_codes().contains(heading))
            << "nothing throws `" << heading << "` of docs/errors.md";
    }
}

TEST(error_codes, every_section_says_class_cause_cure_state_and_message) {
    for (const auto& [heading, text] : sections()) {
        for (const char* part : {"**Class:** `", "**What happened:** ", "**What to do:** ",
                                 "**Afterwards:** ", "**Message:** `"}) {
            EXPECT_NE(text.find(part), std::string::npos) << heading << " has no " << part;
        }
    }
}

} // namespace
