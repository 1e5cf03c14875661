// SPDX-License-Identifier: MIT
#include "kin/mariadb/words.hpp"

#include <algorithm>
#include <cstddef>

namespace kin::mariadb {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_word(char c) noexcept { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; }

bool same(std::string_view text, std::string_view word) noexcept {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return lower(a) == b; });
}

/// Takes space, comments and opening parentheses from the front.
void skip_space(std::string_view& sql) noexcept {
    for (;;) {
        const auto start = sql.find_first_not_of(" \t\r\n\f\v(");
        sql.remove_prefix(std::min(start, sql.size()));
        std::string_view end;
        if (sql.starts_with("/*") && !sql.starts_with("/*!")) {
            end = "*/";
        } else if (sql.starts_with("#") || sql.starts_with("-- ") || sql.starts_with("--\n")) {
            end = "\n";
        } else {
            return;
        }
        const auto at = sql.find(end);
        sql.remove_prefix(at == std::string_view::npos ? sql.size() : at + end.size());
    }
}

std::string_view take_word(std::string_view& sql) noexcept {
    skip_space(sql);
    const auto end = std::find_if_not(sql.begin(), sql.end(), is_word);
    const std::string_view word = sql.substr(0, static_cast<std::size_t>(end - sql.begin()));
    sql.remove_prefix(word.size());
    return word;
}

template <std::size_t N> bool is_one_of(std::string_view word, const std::string_view (&words)[N]) noexcept {
    return std::any_of(std::begin(words), std::end(words), [&](std::string_view w) { return same(word, w); });
}

constexpr std::string_view reading[] = {"select", "show", "describe", "desc", "explain", "values", "table"};
constexpr std::string_view writing[] = {"insert", "update", "delete", "replace"};
/// A block of statements, which may be any.
bool is_block(std::string_view word, std::string_view rest) noexcept {
    return same(word, "begin") && same(take_word(rest), "not"); // BEGIN NOT ATOMIC
}

constexpr std::string_view controlling[] = {"begin", "start", "commit", "rollback", "savepoint", "release"};
constexpr std::string_view committing[] = {"alter",  "cache",   "change", "check",    "flush",
                                           "grant",  "install", "lock",   "optimize", "rename",
                                           "repair", "reset",   "revoke", "truncate", "uninstall"};

/// Whether the rest of CREATE or DROP speaks of a temporary table, which commits nothing.
bool is_temporary(std::string_view rest) noexcept {
    std::string_view word = take_word(rest);
    if (same(word, "or")) {
        take_word(rest); // REPLACE
        word = take_word(rest);
    }
    return same(word, "temporary");
}

bool contains_word(std::string_view text, std::string_view word) noexcept {
    const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(),
                                   [](char a, char b) { return lower(a) == b; });
    return found != text.end();
}

} // namespace

statement_kind kind_of(std::string_view sql) noexcept {
    const std::string_view word = take_word(sql);
    if (is_one_of(word, reading)) return statement_kind::reads;
    if (is_one_of(word, writing)) return statement_kind::writes;
    if (is_block(word, sql)) return statement_kind::other;
    if (is_one_of(word, controlling)) return statement_kind::controls;
    if (is_one_of(word, committing)) return statement_kind::commits;
    if (same(word, "create") || same(word, "drop")) {
        return is_temporary(sql) ? statement_kind::other : statement_kind::commits;
    }
    if (same(word, "analyze")) { // ANALYZE SELECT runs the query and tells how
        const std::string_view next = take_word(sql);
        if (is_one_of(next, writing)) return statement_kind::writes;
        const bool is_query = same(next, "select") || same(next, "with") || same(next, "format");
        return is_query ? statement_kind::reads : statement_kind::commits;
    }
    if (same(word, "with")) { // MySQL has WITH ... UPDATE and DELETE; MariaDB has WITH ... SELECT only
        return contains_word(sql, "update") || contains_word(sql, "delete") ? statement_kind::writes
                                                                            : statement_kind::reads;
    }
    return statement_kind::other;
}

bool begins_transaction(std::string_view sql) noexcept {
    const std::string_view word = take_word(sql);
    return (same(word, "begin") || same(word, "start")) && !is_block(word, sql);
}

bool may_change_session(std::string_view sql) noexcept {
    const statement_kind kind = kind_of(sql);
    if (kind == statement_kind::other) return true;
    std::string_view rest = sql;
    const std::string_view word = take_word(rest);
    if (same(word, "lock") || same(word, "flush")) return true; // FLUSH TABLES WITH READ LOCK
    return sql.find('@') != std::string_view::npos || contains_word(sql, "get_lock");
}

} // namespace kin::mariadb
