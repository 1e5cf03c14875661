// SPDX-License-Identifier: MIT
#include "kin/sql/enum_types.hpp"

#include <algorithm>

#include "kin/schema/table.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

std::string place_of(const column& c) { return c.owner == nullptr ? c.name : c.owner->name() + "." + c.name; }

[[noreturn]] void refuse_name(const column& c, const std::string& fault) {
    refuse("bad_enumeration", "the native type \"" + std::string(c.type.native_name) +
                                  "\" of the enumeration in column " + place_of(c) + " has the name of " +
                                  fault + "; give it another: kin::enum_type_name");
}

std::vector<std::string_view> sorted_words(const column_type& type) {
    std::vector<std::string_view> words(type.names, type.names + type.name_count);
    std::sort(words.begin(), words.end());
    return words;
}

/// An enumeration, or an array of them.
bool has_named_type(const dialect& d, const column& c) {
    const bool is_array = c.type.kind == type_kind::array && c.type.element == type_kind::enumeration &&
                          d.supports(feature::native_arrays);
    return (is_array || c.type.kind == type_kind::enumeration) && c.type.storage == enum_storage::native &&
           c.type_words.empty();
}

void require_no_table(const dialect& d, const column& c, std::span<const table* const> tables) {
    const std::string name = d.name_in_database(c.type.native_name);
    for (const table* t : tables) {
        if (t->schema().empty() && d.name_in_database(t->name()) == name)
            refuse_name(c, "the table \"" + t->name() + "\", whose rows are a type, too");
    }
}

} // namespace

std::vector<const column*> enum_types_of(const dialect& d, std::span<const table* const> tables) {
    std::vector<const column*> types;
    if (!d.supports(feature::enum_types)) return types;
    for (const table* t : tables) {
        for (const column& c : t->columns()) {
            if (!has_named_type(d, c)) continue;
            const std::string name = d.name_in_database(c.type.native_name);
            const auto known = std::find_if(types.begin(), types.end(), [&](const column* other) {
                return d.name_in_database(other->type.native_name) == name;
            });
            if (known == types.end()) {
                require_no_table(d, c, tables);
                types.push_back(&c);
            } else if ((*known)->type.names != c.type.names &&
                       sorted_words((*known)->type) != sorted_words(c.type)) {
                refuse_name(c, "that in column " + place_of(**known) + ", which has other words");
            }
        }
    }
    return types;
}

std::string compile_create_enum(const dialect& d, const column_type& type) {
    std::string out = "CREATE TYPE ";
    d.quote(out, type.native_name);
    out += " AS ENUM (";
    column_type scalar = type;
    scalar.kind = type_kind::enumeration;
    d.enum_words(out, scalar);
    out += ')';
    return out;
}

std::string compile_drop_enum(const dialect& d, const column_type& type) {
    std::string out = "DROP TYPE IF EXISTS ";
    d.quote(out, type.native_name);
    return out;
}

} // namespace kin
