// SPDX-License-Identifier: MIT
#include "kin/sql/dialect.hpp"

#include <algorithm>

#include "kin/base/array_text.hpp"
#include "kin/base/snake_case.hpp"
#include "kin/base/utf8.hpp"
#include "kin/schema/naming.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

void dialect::require_name(std::string_view identifier) {
    if (identifier.empty()) refuse("bad_identifier", "a table or column has an empty name; give it one");
    if (identifier.find('\0') != std::string_view::npos || !is_valid_utf8(identifier)) {
        refuse("bad_identifier",
               "the name of a table or column has a NUL byte or is not UTF-8; names are UTF-8 text");
    }
}

std::string_view dialect::function_pattern(std::string_view name) const noexcept {
    if (name == "decimal_add") return "{1} + {2}";
    if (name == "decimal_subtract") return "{1} - {2}";
    if (name == "decimal_multiply") return "{1} * {2}";
    if (name == "decimal_negate") return "-{1}";
    return {};
}

/// A database with exact numbers has no functions of their own for them.
std::string_view dialect::function_name(std::string_view name) const noexcept {
    constexpr std::string_view mark = "decimal_";
    return name.starts_with(mark) ? name.substr(mark.size()) : name;
}

/// Word by word, so that the underscores of fk_Album_ArtistId stay single.
std::string dialect::name_in_database(std::string_view mapped) const {
    if (names() == name_style::as_mapped) return std::string(mapped);
    std::string out;
    for (std::size_t start = 0; start <= mapped.size();) {
        const std::size_t end = std::min(mapped.find('_', start), mapped.size());
        if (start != 0) out += '_';
        out += snake_case(mapped.substr(start, end - start));
        start = end + 1;
    }
    return mapped.size() <= longest_made_name ? fit_name(out) : out;
}

void dialect::quote(std::string& out, std::string_view identifier) const {
    require_name(identifier);
    const std::string made = names() == name_style::as_mapped ? std::string() : name_in_database(identifier);
    if (!made.empty()) identifier = made;
    const std::size_t limit = limits().identifier_bytes;
    if (limit != 0 && identifier.size() > limit) {
        refuse("bad_identifier", "the name \"" + std::string(identifier) + "\" has " +
                                     std::to_string(identifier.size()) + " bytes, and " +
                                     std::string(name()) + " takes " + std::to_string(limit) +
                                     "; choose a shorter one");
    }
    out += '"';
    for (const char c : identifier) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void dialect::quote_table(std::string& out, const qualified_name& table) const {
    if (!table.schema.empty()) {
        if (!supports(feature::schemas)) {
            refuse("unsupported_feature", "the table " + std::string(table.name) + " lies in the schema " +
                                              std::string(table.schema) + ", and " + std::string(name()) +
                                              " has no schemas; leave it out");
        }
        quote(out, table.schema);
        out += '.';
    }
    quote(out, table.name);
}

void dialect::quote_target(std::string& out, const qualified_name& target, const qualified_name&) const {
    quote_table(out, target);
}

void dialect::placeholder(std::string& out, std::size_t) const { out += '?'; }

std::string dialect::type_name(const column& c) const {
    const column_type& type = c.type;
    switch (type.kind) {
    case type_kind::boolean: return "BOOLEAN";
    case type_kind::integer: return type.bits > 32 ? "BIGINT" : type.bits > 16 ? "INTEGER" : "SMALLINT";
    case type_kind::real: return type.bits > 32 ? "DOUBLE PRECISION" : "REAL";
    case type_kind::text: break;
    case type_kind::blob: return "BLOB";
    case type_kind::date: return "DATE";
    case type_kind::timestamp: return "TIMESTAMP";
    case type_kind::time: return "TIME";
    case type_kind::duration: return "BIGINT";
    case type_kind::decimal:
        return type.precision == 0
                   ? std::string("NUMERIC")
                   : "NUMERIC(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case type_kind::uuid: return "UUID";
    case type_kind::json:
    case type_kind::array: return "JSON";
    case type_kind::enumeration: {
        if (is_native_enum(type)) return enum_type(type);
        std::size_t longest = 1;
        for (std::uint32_t i = 0; i < type.name_count; ++i) {
            if (type.names[i].size() > longest) longest = type.names[i].size();
        }
        return "VARCHAR(" + std::to_string(longest) + ")";
    }
    }
    if (type.length == 0) return "TEXT";
    return (type.fixed_length ? "CHAR(" : "VARCHAR(") + std::to_string(type.length) + ")";
}

std::string dialect::enum_type(const column_type& type) const {
    std::string out;
    if (supports(feature::enum_types)) {
        quote(out, type.native_name);
        return out;
    }
    out = "ENUM(";
    enum_words(out, type);
    out += ')';
    return out;
}

void dialect::enum_words(std::string& out, const column_type& type) const {
    for (std::uint32_t i = 0; i < type.name_count; ++i) {
        const std::string_view word = type.names[i];
        if (const std::string_view fault = fault_of_enum_word(word); is_native_enum(type) && !fault.empty()) {
            refuse("bad_enumeration", "the word \"" + std::string(word) + "\" of the enumeration " +
                                          std::string(type.native_name) + " " + std::string(fault) +
                                          "; choose another (kin::enum_names), or "
                                          "kin::enum_storage::checked");
        }
        out += i == 0 ? "'" : ", '";
        for (const char c : word) {
            if (c == '\'') out += '\'';
            out += c;
        }
        out += '\'';
    }
}

std::string dialect::array_type(const column& c) const { return type_name(c) + "[]"; }

bool dialect::takes_array_of(cell_kind kind) const noexcept {
    return kind == cell_kind::integer && supports(feature::array_parameter);
}

void dialect::in_array(std::string&, std::size_t, cell_kind, bool) const {
    refuse("unsupported_feature",
           std::string(name()) +
               " cannot look for a value in an array; ask dialect::takes_array_of() before");
}

std::optional<std::string> dialect::array_text(std::span<const cell> values) const {
    detail::array_writer array;
    for (const cell& v : values) {
        // Not every JSON reader gives a text back that goes on behind a NUL.
        if (v.kind == cell_kind::text && v.bytes().find('\0') != std::string_view::npos) return {};
        if (!array.add(v)) return {};
    }
    return std::string(array.finish());
}

std::string dialect::json_path(std::span<const json_step> path) const {
    std::string out = "$";
    for (const json_step& step : path) {
        if (step.is_position) {
            out += "[" + step.text + "]";
            continue;
        }
        for (const char c : step.text) {
            if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
            refuse("unsupported_feature", std::string(name()) +
                                              " cannot look into a JSON document for a name with a "
                                              "quotation mark, a backslash or a control character; "
                                              "read the document and look there");
        }
        out += ".\"" + step.text + "\"";
    }
    return out;
}

void dialect::leave_out_existing(std::string& out, std::string_view) const {
    out += " ON CONFLICT DO NOTHING";
}

void dialect::index_column(std::string& out, const column& c) const { quote(out, c.name); }

void dialect::index_on(std::string& out, std::string_view index_name, const qualified_name& table) const {
    quote(out, index_name);
    out += " ON ";
    quote_table(out, table);
}

void dialect::limit_offset(std::string& out, bool has_limit, bool has_offset,
                           std::size_t first_placeholder) const {
    out += "LIMIT ";
    if (has_limit)
        placeholder(out, first_placeholder);
    else
        out += "-1";
    if (!has_offset) return;
    out += " OFFSET ";
    placeholder(out, first_placeholder + (has_limit ? 1 : 0));
}

} // namespace kin
