// SPDX-License-Identifier: MIT
#include "kin/sql/text.hpp"
#include <string>

#include "kin/sql/compiler.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

bool starts_name(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) noexcept { return starts_name(c) || (c >= '0' && c <= '9'); }

/// The position after the quoted text that starts at `begin`. A doubled end mark stands for itself.
std::size_t end_of_quoted(std::string_view sql, std::size_t begin, char end_mark) noexcept {
    for (std::size_t i = begin + 1; i < sql.size(); ++i) {
        if (sql[i] != end_mark) continue;
        if (end_mark != ']' && i + 1 < sql.size() && sql[i + 1] == end_mark)
            ++i;
        else
            return i + 1;
    }
    return sql.size();
}

std::size_t end_at(std::string_view sql, std::size_t begin, std::string_view end_mark) noexcept {
    const std::size_t found = sql.find(end_mark, begin);
    return found == std::string_view::npos ? sql.size() : found + end_mark.size();
}

/// The position after the piece at `i` in which a `:` means nothing: quoted text, a comment, `::`. `i` when there is none.
std::size_t skip(std::string_view sql, std::size_t i) noexcept {
    const std::string_view rest = sql.substr(i);
    switch (sql[i]) {
    case '\'':
    case '"':
    case '`': return end_of_quoted(sql, i, sql[i]);
    case '[': return end_of_quoted(sql, i, ']');
    case '-': return rest.substr(0, 2) == "--" ? end_at(sql, i, "\n") : i;
    case '/': return rest.substr(0, 2) == "/*" ? end_at(sql, i + 2, "*/") : i;
    case ':': return rest.substr(0, 2) == "::" ? i + 2 : i;
    default: return i;
    }
}

std::string quoted(std::string_view name) { return "\":" + std::string(name) + "\""; }

} // namespace

compiled_statement compile_text(const dialect& d, std::string_view sql, std::span<const named_value> binds) {
    compiled_statement result;
    result.sql.reserve(sql.size());
    std::vector<bool> used(binds.size(), false);

    for (std::size_t i = 0; i < sql.size();) {
        const std::size_t after = skip(sql, i);
        if (after != i) {
            result.sql += sql.substr(i, after - i);
            i = after;
            continue;
        }
        if (sql[i] != ':' || i + 1 == sql.size() || !starts_name(sql[i + 1])) {
            result.sql += sql[i++];
            continue;
        }
        std::size_t end = i + 1;
        while (end < sql.size() && continues_name(sql[end])) ++end;
        const std::string_view name = sql.substr(i + 1, end - i - 1);
        auto bind = binds.begin();
        while (bind != binds.end() && bind->first != name) ++bind;
        if (bind == binds.end()) {
            refuse("missing_bind", "the statement uses " + quoted(name) +
                                       ", but no value has that name; add {\"" + std::string(name) +
                                       "\", ...}");
        }
        used[static_cast<std::size_t>(bind - binds.begin())] = true;
        result.parameters.push_back(bind->second);
        d.placeholder(result.sql, result.parameters.size());
        i = end;
    }

    std::size_t position = 0;
    for (const named_value& bind : binds) {
        if (used[position++]) continue;
        refuse("unknown_bind", "a value is named \"" + std::string(bind.first) +
                                   "\", but the statement has no " + quoted(bind.first) +
                                   " that it could stand for (a name is given once)");
    }
    return result;
}

compiled_statement compile_text(const dialect& d, std::string_view sql,
                                std::initializer_list<named_value> binds) {
    return compile_text(d, sql, std::span<const named_value>(binds.begin(), binds.size()));
}

} // namespace kin
