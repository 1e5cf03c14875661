// SPDX-License-Identifier: MIT
#include "kin/sqlite/options.hpp"

#include <charconv>
#include <initializer_list>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/url.hpp"

namespace kin::sqlite {

namespace {

[[noreturn]] void fail(std::string message) {
    throw usage_error({.code = "bad_url", .message = "database URL, " + std::move(message), .sql = {}});
}

/// Sets `out` to the meaning of an option's word, if the option was given.
template <class Meaning>
void read_word(const url& where, std::string_view name,
               std::initializer_list<std::pair<std::string_view, Meaning>> words, Meaning& out) {
    const std::string* given = where.find_option(name);
    if (given == nullptr) return;
    std::string fault = "options: " + std::string(name) + " must be one of";
    for (const auto& [word, meaning] : words) {
        if (word == *given) {
            out = meaning;
            return;
        }
        fault.append(" ").append(word);
    }
    fail(std::move(fault));
}

void read_milliseconds(const url& where, std::string_view name, int& out) {
    const std::string* given = where.find_option(name);
    if (given == nullptr) return;
    const char* end = given->data() + given->size();
    const auto [stop, fault] = std::from_chars(given->data(), end, out);
    if (fault != std::errc() || stop != end || out < 0) {
        fail("options: " + std::string(name) + " must be a number of milliseconds, 0 to 2147483647");
    }
}

} // namespace

open_options read_options(const url& where) {
    if (!where.host.empty() || where.port != 0 || !where.user.empty() || !where.password.empty()) {
        fail("host: SQLite has none; write sqlite:///relative.db with three slashes, sqlite:////absolute.db "
             "with four");
    }
    if (!where.driver.empty()) fail("driver: SQLite has one only; write sqlite:///...");
    where.require_known_options({"mode", "busy_timeout_ms", "journal", "synchronous", "strict"});

    open_options o;
    o.path = where.database.empty() ? ":memory:" : where.database;
    read_word<open_mode>(
        where, "mode",
        {{"ro", open_mode::read_only}, {"rw", open_mode::read_write}, {"rwc", open_mode::create}}, o.mode);
    read_milliseconds(where, "busy_timeout_ms", o.busy_timeout_ms);
    read_word<std::string_view>(where, "journal", {{"wal", "wal"}, {"delete", "delete"}}, o.journal_mode);
    // With a rollback journal, a commit survives a power cut only when the directory is synced too: EXTRA.
    if (o.journal_mode == "delete") o.synchronous = "EXTRA";
    read_word<std::string_view>(where, "synchronous",
                                {{"off", "OFF"}, {"normal", "NORMAL"}, {"full", "FULL"}, {"extra", "EXTRA"}},
                                o.synchronous);
    read_word<bool>(where, "strict", {{"true", true}, {"1", true}, {"false", false}, {"0", false}},
                    o.makes_strict_tables);
    return o;
}

} // namespace kin::sqlite
