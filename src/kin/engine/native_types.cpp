// SPDX-License-Identifier: MIT
#include "kin/engine/native_types.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/engine/connection.hpp"
#include "kin/sql/enum_types.hpp"

namespace kin {

namespace {

std::optional<inspected_type> find(const dialect& d, inspector& schema, const column& c) {
    return schema.find_type(d.name_in_database(c.type.native_name));
}

[[noreturn]] void refuse(const column& c, const inspected_type& there, const std::string& fault) {
    throw statement_error({.code = "enumeration_differs",
                           .message = "the type \"" + there.name + "\" of column " + c.owner->name() + "." +
                                      c.name + " " + fault,
                           .sql = {},
                           .table = c.owner->name(),
                           .column = c.name});
}

/// " 'a', 'b'" with `before` in front; nothing where there are none.
std::string listed(std::string_view before, const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words)
        out.append(out.empty() ? before : std::string_view(",")).append(" '").append(word) += '\'';
    return out;
}

void require_same(const column& c, const inspected_type& there) {
    if (!there.is_enum) {
        refuse(c, there,
               "is there and is no enumeration: a type of the database's own, or the rows of a table; give "
               "the enumeration's another name: kin::enum_type_name");
    }
    const std::vector<std::string_view> wanted(c.type.names, c.type.names + c.type.name_count);
    std::vector<std::string_view> missing, more;
    for (const std::string_view word : wanted) {
        if (std::find(there.words.begin(), there.words.end(), word) == there.words.end())
            missing.push_back(word);
    }
    for (const std::string_view word : there.words) {
        if (std::find(wanted.begin(), wanted.end(), word) == wanted.end()) more.push_back(word);
    }
    if (missing.empty() && more.empty()) return;
    std::string fault = "has other words than the enumeration:";
    fault += listed(" it has not", missing);
    if (!missing.empty() && !more.empty()) fault += ", and";
    fault += listed(" it has also", more);
    if (!missing.empty()) fault += "; add the missing ones by ALTER TYPE ... ADD VALUE";
    if (!more.empty()) fault += "; give the enumeration the others, or make the type anew without them";
    refuse(c, there, fault);
}

/// Those that are there and nothing uses.
std::vector<const column*> unused_types(connection& c, inspector& schema,
                                        std::span<const table* const> tables) {
    std::vector<const column*> unused;
    for (const column* type : enum_types_of(c.get_dialect(), tables)) {
        const std::optional<inspected_type> there = find(c.get_dialect(), schema, *type);
        if (there && there->is_enum && !there->in_use) unused.push_back(type);
    }
    return unused;
}

} // namespace

void check_enum_types(connection& c, inspector& schema, std::span<const table* const> tables) {
    for (const column* type : enum_types_of(c.get_dialect(), tables)) {
        if (const std::optional<inspected_type> there = find(c.get_dialect(), schema, *type))
            require_same(*type, *there);
    }
}

void create_enum_types(connection& c, inspector& schema, std::span<const table* const> tables) {
    const dialect& d = c.get_dialect();
    for (const column* type : enum_types_of(d, tables)) {
        if (const std::optional<inspected_type> there = find(d, schema, *type))
            require_same(*type, *there);
        else
            c.execute(compile_create_enum(d, type->type));
    }
}

bool has_unused_enum_types(connection& c, inspector& schema, std::span<const table* const> tables) {
    return !unused_types(c, schema, tables).empty();
}

bool drop_unused_enum_types(connection& c, inspector& schema, std::span<const table* const> tables) {
    const std::vector<const column*> unused = unused_types(c, schema, tables);
    for (const column* type : unused) c.execute(compile_drop_enum(c.get_dialect(), type->type));
    return !unused.empty();
}

} // namespace kin
