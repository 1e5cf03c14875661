// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kin/base/error.hpp"
#include "kin/create_engine.hpp"

namespace kin::testing {

/// A directory of the running test alone, removed at its end.
class temporary_directory {
public:
    temporary_directory() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::temp_directory_path() /
                ("kin_" + std::to_string(getpid()) + "_" + test->test_suite_name() + "_" + test->name());
        std::filesystem::create_directories(path_);
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory() { std::filesystem::remove_all(path_); }

    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }
    [[nodiscard]] std::string url(std::string_view name = "test.db") const {
        return "sqlite:///" + file(name);
    }

private:
    std::filesystem::path path_;
};

/// The code of the kin::error that `call` throws; "" when it throws none.
template <class Call> std::string code_of(Call&& call) {
    try {
        call();
    } catch (const error& e) {
        return std::string(e.code());
    }
    return {};
}

/// The error that `call` throws; the test fails when there is none of that class.
template <class Error, class Call> Error caught(Call&& call) {
    try {
        call();
    } catch (const Error& e) {
        return e;
    }
    ADD_FAILURE() << "nothing of the class expected was thrown";
    return Error({.code = "nothing", .message = "nothing was thrown", .sql = {}});
}

/// The first column of all rows, in the form that SQLite gives it as text; NULL as "NULL".
inline std::vector<std::string> column_of(connection& c, std::string_view sql,
                                          std::span<const cell> parameters = {}) {
    std::vector<std::string> out;
    cursor rows = c.open(sql, parameters);
    while (rows.next()) {
        const cell_kind text[] = {cell_kind::text};
        cell value;
        EXPECT_EQ(rows.read(0, text, &value), 1U);
        out.push_back(value.is_null() ? "NULL" : std::string(value.bytes()));
    }
    return out;
}

inline std::string value_of(connection& c, std::string_view sql, std::span<const cell> parameters = {}) {
    const auto rows = column_of(c, sql, parameters);
    return rows.size() == 1 ? rows[0] : std::to_string(rows.size()) + " rows";
}

} // namespace kin::testing
