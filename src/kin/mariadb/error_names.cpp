// SPDX-License-Identifier: MIT
#include "kin/mariadb/error_names.hpp"

#include <cstddef>
#include <vector>

namespace kin::mariadb {

namespace {

constexpr auto nowhere = std::string_view::npos;

/// Takes a name in backticks, or in double quotes (sql_mode has ANSI_QUOTES), from the front of `text`; two of these in it stand for
/// one. Empty when there is none.
std::string take_quoted(std::string_view& text) {
    if (!text.starts_with('`') && !text.starts_with('"')) return {};
    const char mark = text.front();
    std::string name;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != mark) {
            name += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == mark) {
            name += text[i++];
        } else {
            text.remove_prefix(i + 1);
            return name;
        }
    }
    return {};
}

/// `db`.`table`.`column`
std::vector<std::string> take_path(std::string_view& text) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t before = text.size();
        std::string part = take_quoted(text);
        if (text.size() == before) return parts;
        parts.push_back(std::move(part));
        if (!text.starts_with(".`") && !text.starts_with(".\"")) return parts;
        text.remove_prefix(1);
    }
}

/// (`a`, `b`) as "a, b".
std::string take_list(std::string_view text) {
    std::string names;
    while (text.starts_with('(') || text.starts_with(", ")) {
        text.remove_prefix(text.starts_with('(') ? 1 : 2);
        const std::string name = take_quoted(text);
        if (name.empty()) break;
        names += names.empty() ? name : ", " + name;
    }
    return names;
}

/// What stands between `before`, looked for from the end, and the next `after`; all of it when that is empty.
std::string_view between_last(std::string_view message, std::string_view before, std::string_view after) {
    const auto start = message.rfind(before);
    if (start == nowhere) return {};
    const std::string_view rest = message.substr(start + before.size());
    const auto end = after.empty() ? rest.size() : rest.find(after);
    return end == nowhere ? std::string_view() : rest.substr(0, end);
}

std::string after_last_dot(std::string_view name) {
    const auto dot = name.rfind('.');
    return std::string(dot == nowhere ? name : name.substr(dot + 1));
}

} // namespace

named_things names_of_duplicate(std::string_view message) {
    named_things found;
    std::string_view name = between_last(message, " for key '", {});
    name = name.substr(0, name.rfind('\'')); // the name may have an apostrophe
    if (const auto dot = name.find('.'); dot != nowhere) {
        found.table = name.substr(0, dot);
        name.remove_prefix(dot + 1);
    }
    found.constraint = name;
    return found;
}

named_things names_of_foreign_key(std::string_view message) {
    named_things found;
    const auto open = message.find('(');
    if (open == nowhere) return found;
    std::string_view rest = message.substr(open + 1);
    if (const auto path = take_path(rest); !path.empty()) found.table = path.back();
    constexpr std::string_view words = ", CONSTRAINT ";
    if (!rest.starts_with(words)) return found;
    rest.remove_prefix(words.size());
    found.constraint = take_quoted(rest);
    constexpr std::string_view key = " FOREIGN KEY ";
    if (rest.starts_with(key)) found.column = take_list(rest.substr(key.size()));
    return found;
}

named_things names_of_check(std::string_view message) {
    named_things found;
    constexpr std::string_view words = "CONSTRAINT ";
    if (!message.starts_with(words)) {
        found.constraint = between_last(message, "constraint '", "'");
        return found;
    }
    message.remove_prefix(words.size());
    // A CHECK that stands behind its column is named `table`.`column`.
    if (const auto path = take_path(message); !path.empty()) found.constraint = path.back();
    constexpr std::string_view where = " failed for ";
    if (!message.starts_with(where)) return found;
    message.remove_prefix(where.size());
    if (const auto path = take_path(message); !path.empty()) found.table = path.back();
    return found;
}

named_things names_of_column(std::string_view message) {
    named_things found;
    constexpr std::string_view words = " for column ";
    if (const auto at = message.rfind(words); at != nowhere) {
        std::string_view rest = message.substr(at + words.size());
        if (const auto path = take_path(rest); !path.empty()) {
            found.column = path.back();
            if (path.size() > 1) found.table = path[path.size() - 2];
            return found;
        }
    }
    for (const std::string_view before : {" for column '", "Column '", "Field '"}) {
        const std::string_view name = between_last(message, before, "'");
        if (name.empty()) continue;
        found.column = after_last_dot(name);
        return found;
    }
    return found;
}

named_things names_of_unknown_column(std::string_view message) {
    named_things found;
    const std::string_view name = between_last(message, "Unknown column '", "' in '");
    found.column = after_last_dot(name);
    if (const auto dot = name.rfind('.'); dot != nowhere) found.table = after_last_dot(name.substr(0, dot));
    return found;
}

named_things names_of_missing_table(std::string_view message) {
    named_things found;
    const std::string_view name = between_last(message, "Table '", "' doesn't exist");
    const auto dot = name.find('.');
    found.table = dot == nowhere ? name : name.substr(dot + 1);
    return found;
}

std::string without_values(std::string_view message) {
    struct place {
        std::string_view before; // with the apostrophe
        std::string_view after;  // likewise; looked for from the end, as the value may have it too
    };
    static constexpr place places[] = {{"Duplicate entry '", "' for key '"},
                                       {" value: '", "' for column "},
                                       {" value: '", "' for function "},
                                       {" value: '", "'"}};
    for (const place& p : places) {
        const auto start = message.find(p.before);
        const auto end = message.rfind(p.after);
        if (start == nowhere || end == nowhere || end < start + p.before.size()) continue;
        std::string_view kept = message.substr(0, start + p.before.size() - 1); // up to the apostrophe
        while (kept.ends_with(' ') || kept.ends_with(':')) kept.remove_suffix(1);
        return std::string(kept) + std::string(message.substr(end + 1));
    }
    return std::string(message);
}

} // namespace kin::mariadb
