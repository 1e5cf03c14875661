// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <mysql.h>

namespace kin::testing {

/// A session with MariaDB through libmariadb alone: nothing of kin's wing is in it. Every call throws: std::runtime_error with the
/// server's words.
class raw_mariadb {
public:
    explicit raw_mariadb(const std::string& kin_url);

    void run(const std::string& sql);
    /// The one value of the one row, as the server writes it (the text protocol).
    [[nodiscard]] std::optional<std::string> ask_text(const std::string& sql);
    /// The one value of the one row of a prepared statement, in the form of `type`: the bytes of a number or of a MYSQL_TIME, text as it is.
    [[nodiscard]] std::optional<std::string> ask_binary(const std::string& sql, enum_field_types type);
    /// Runs a prepared statement with one parameter: the bytes of a number or of a MYSQL_TIME, or text; nothing: NULL.
    void run_binary(const std::string& sql, const std::optional<std::string>& value, enum_field_types type);
    /// In quotes.
    [[nodiscard]] std::string literal(const std::string& text);

private:
    struct functions;
    struct closer {
        void operator()(MYSQL* c) const noexcept;
    };
    struct statement_closer {
        void operator()(MYSQL_STMT* s) const noexcept;
    };
    using statement = std::unique_ptr<MYSQL_STMT, statement_closer>;

    static const functions& api();
    void check(bool succeeded);
    static void check(MYSQL_STMT* s, bool succeeded);
    [[nodiscard]] statement prepare(const std::string& sql);
    std::unique_ptr<MYSQL, closer> connection_;
};

} // namespace kin::testing
