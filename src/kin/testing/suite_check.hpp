// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::testing {

/// Thrown by a check that has found what should not be. Not kin::error, so that no check catches it by mistake.
struct suite_failure {
    std::string reason;
};

/// Thrown by a check when the dialect or the driver says that it cannot do what is to be checked.
struct suite_not_supported {
    std::string answer;
};

template <class T> std::string shown(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        return value ? "true" : "false";
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        return "\"" + std::string(std::string_view(value)) + "\"";
    } else if constexpr (std::is_arithmetic_v<T>) {
        return std::to_string(value);
    } else if constexpr (requires { value.to_string(); }) {
        return value.to_string();
    } else if constexpr (requires { value.begin() != value.end(); }) {
        std::string all;
        for (const auto& one : value) all += (all.empty() ? "" : ", ") + shown(one);
        return "{" + all + "}";
    } else {
        return "something";
    }
}

/// One run of one check: its database, its tables, and the words to say what must hold.
class suite_run {
public:
    explicit suite_run(const engine& e) : db_(e) {}
    suite_run(const suite_run&) = delete;
    suite_run& operator=(const suite_run&) = delete;
    /// Drops the tables, the last ones first.
    ~suite_run() {
        for (auto drop = drops_.rbegin(); drop != drops_.rend(); ++drop) {
            try {
                (*drop)();
            } catch (const error&) {
                continue; // the check has failed already, or the next one will tell
            }
        }
    }

    [[nodiscard]] const database& db() const noexcept { return db_; }
    [[nodiscard]] const kin::dialect& dialect() const noexcept { return db_.engine().dialect(); }
    [[nodiscard]] session open(const session_options& options = {}) const { return db_.session(options); }

    /// Makes the tables of these models, empty, until the run ends. What was prepared for others of the same name is forgotten.
    template <class... Models> void create() {
        db_.drop_all<Models...>();
        db_.engine().close_connections();
        drops_.push_back([this] { db_.drop_all<Models...>(); });
        db_.create_all<Models...>();
    }
    /// `sql` runs at the end of the run.
    void drop_later(std::string sql) {
        drops_.push_back([this, sql = std::move(sql)] { db_.engine().connect().execute(sql); });
    }

    /// Ends the check as not supported unless the dialect has the feature.
    void need(feature f) const;
    [[nodiscard]] bool supports(feature f) const noexcept { return dialect().supports(f); }

    static void require(bool holds, std::string_view what) {
        if (!holds) throw suite_failure{std::string(what)};
    }
    template <class Found, class Expected>
    static void equal(const Found& found, const Expected& expected, std::string_view what) {
        if (found == expected) return;
        throw suite_failure{std::string(what) + ": found " + shown(found) + ", expected " + shown(expected)};
    }
    /// The error that `work` must throw.
    template <class Error, class Work> static Error error_of(Work&& work, std::string_view what) {
        try {
            work();
        } catch (const Error& e) {
            return e;
        } catch (const error& e) {
            throw suite_failure{std::string(what) + ": another class of error: " + e.what()};
        }
        throw suite_failure{std::string(what) + ": no error was thrown"};
    }

private:
    database db_;
    std::vector<std::function<void()>> drops_;
};

struct suite_check {
    std::string_view name; // without the group
    void (*run)(suite_run& run);
};

/// The checks of one group, in suite_<group>.cpp.
struct suite_group {
    std::string_view name;
    std::span<const suite_check> checks;
};

[[nodiscard]] suite_group schema_group() noexcept;
[[nodiscard]] suite_group types_group() noexcept;
[[nodiscard]] suite_group writing_group() noexcept;
[[nodiscard]] suite_group reading_group() noexcept;
[[nodiscard]] suite_group transactions_group() noexcept;
[[nodiscard]] suite_group errors_group() noexcept;
[[nodiscard]] suite_group limits_group() noexcept;

} // namespace kin::testing
