// SPDX-License-Identifier: MIT
#include "kin/postgresql/sql_text.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace kin::postgresql {

namespace {

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool starts_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool continues_word(char c) noexcept { return starts_word(c) || is_digit(c); }

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) noexcept {
    return std::any_of(words.begin(), words.end(), [&](std::string_view w) {
        return std::equal(word.begin(), word.end(), w.begin(), w.end(),
                          [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b; });
    });
}

bool has_prefix(std::string_view word, std::string_view prefix) noexcept {
    return word.size() >= prefix.size() && is_one_of(word.substr(0, prefix.size()), {prefix});
}

/// The text that is left to read.
class scanner {
public:
    explicit scanner(std::string_view sql) noexcept : sql_(sql) {}

    statement_text run() noexcept {
        while (at_ < sql_.size()) one();
        found_.reads_only = reads_ && !writes_;
        found_.is_query = found_.is_query && found_.reads_only;
        return found_;
    }

private:
    void one() noexcept {
        const char c = sql_[at_];
        const std::string_view rest = sql_.substr(at_);
        if (is_space(c) || c == ';') {
            ++at_;
        } else if (rest.starts_with("--")) {
            at_ = std::min(sql_.find('\n', at_), sql_.size());
        } else if (rest.starts_with("/*")) {
            comment();
        } else {
            found_.is_empty = false;
            if (rest.starts_with("\"pg_") || rest.starts_with("\"set_config\""))
                found_.touches_session = true;
            if (c == '\'' || c == '"')
                quoted(c, false);
            else if (c == '$')
                dollar();
            else if (continues_word(c))
                word();
            else
                ++at_;
        }
    }

    /// Comments may stand in comments.
    void comment() noexcept {
        int depth = 0;
        do {
            const std::string_view rest = sql_.substr(at_);
            const bool opens = rest.starts_with("/*");
            const bool closes = rest.starts_with("*/");
            depth += opens ? 1 : closes ? -1 : 0;
            at_ += opens || closes ? 2 : 1;
        } while (depth != 0 && at_ < sql_.size());
    }

    /// A doubled mark is read as the end of one text and the begin of the next.
    void quoted(char mark, bool has_escapes) noexcept {
        for (++at_; at_ < sql_.size() && sql_[at_] != mark; ++at_) {
            if (has_escapes && sql_[at_] == '\\') ++at_;
        }
        at_ = std::min(at_ + 1, sql_.size());
    }

    /// A placeholder, or the begin of a text that ends with the same tag.
    void dollar() noexcept {
        std::size_t end = at_ + 1;
        while (end < sql_.size() && continues_word(sql_[end])) ++end;
        std::size_t number = 0;
        const auto [stop, fault] = std::from_chars(sql_.data() + at_ + 1, sql_.data() + end, number);
        if (fault == std::errc()) {
            found_.placeholders = std::max(found_.placeholders, number);
            at_ = static_cast<std::size_t>(stop - sql_.data());
            return;
        }
        if (end == sql_.size() || sql_[end] != '$') {
            at_ = end;
            return;
        }
        const std::string_view tag = sql_.substr(at_, end + 1 - at_);
        const std::size_t closing = sql_.find(tag, end + 1);
        at_ = closing == std::string_view::npos ? sql_.size() : closing + tag.size();
    }

    void word() noexcept {
        const std::size_t begin = at_;
        while (at_ < sql_.size() && (continues_word(sql_[at_]) || sql_[at_] == '$')) ++at_;
        const std::string_view word = sql_.substr(begin, at_ - begin);
        if (first_) {
            reads_ = is_one_of(word, {"select", "values", "table", "show", "explain", "with"});
            with_ = is_one_of(word, {"with"});
            found_.is_query = reads_ && !is_one_of(word, {"show", "explain"});
            found_.ends_cursors = is_one_of(word, {"rollback", "discard", "close"});
            found_.touches_session =
                !reads_ && !is_one_of(word, {"insert", "update", "delete", "merge", "savepoint", "release",
                                             "rollback", "begin", "commit"});
        }
        // These end with the transaction.
        const bool leaves_nothing =
            is_one_of(word, {"pg_notify", "pg_advisory_xact_lock", "pg_try_advisory_xact_lock"});
        if ((has_prefix(word, "pg_") && !leaves_nothing) ||
            is_one_of(word, {"set_config", "temp", "temporary"}))
            found_.touches_session = true;
        first_ = false;
        if (with_ && is_one_of(word, {"insert", "update", "delete", "merge"})) writes_ = true;
        if (at_ < sql_.size() && sql_[at_] == '\'' && is_one_of(word, {"e"})) quoted('\'', true);
    }

    std::string_view sql_;
    std::size_t at_ = 0;
    statement_text found_;
    bool first_ = true; // no word was read yet
    bool with_ = false;
    bool reads_ = false;
    bool writes_ = false;
};

} // namespace

statement_text scan_statement(std::string_view sql) noexcept { return scanner(sql).run(); }

} // namespace kin::postgresql
