// SPDX-License-Identifier: MIT
#include "kin/postgresql/dialect.hpp"

#include <charconv>

#include "kin/base/iso_time.hpp"
#include "kin/base/json_text.hpp"
#include "kin/base/uuid.hpp"
#include "kin/postgresql/arrays.hpp"
#include "kin/schema/column.hpp"
#include "kin/sql/refuse.hpp"

namespace kin::postgresql {

bool postgresql_dialect::supports(feature f) const noexcept {
    switch (f) {
    case feature::returning:
    case feature::update_returning:
    case feature::update_from:
    case feature::array_rows:
    case feature::multi_row_insert:
    case feature::array_parameter:
    case feature::transactional_ddl:
    case feature::drop_constraint:
    case feature::drop_together:
    case feature::json_path:
    case feature::recursive_queries:
    case feature::native_arrays:
    case feature::native_enums:
    case feature::enum_types:
    case feature::foreign_keys_at_end:
    case feature::on_update_in_table:
    case feature::writes_newest_rows:
    case feature::schemas:
    case feature::foreign_keys_across_schemas:
    case feature::deferrable_keys: return true;
    case feature::later_tables:
    case feature::nul_in_text:
    case feature::failed_statement_is_undone: break;
    }
    return false;
}

void postgresql_dialect::placeholder(std::string& out, std::size_t n) const {
    out += '$';
    out += std::to_string(n);
}

std::string postgresql_dialect::type_name(const column& c) const {
    switch (c.type.kind) {
    case type_kind::blob: return "BYTEA";
    case type_kind::timestamp: return "TIMESTAMP WITH TIME ZONE";
    case type_kind::json: return "JSONB";
    case type_kind::array: {
        column element{.name = c.name, .type = c.type};
        element.type.kind = c.type.element;
        return type_name(element) + "[]";
    }
    default: return dialect::type_name(c);
    }
}

/// Without lengths and precisions: a cast would cut what does not fit, where a column refuses it.
std::string postgresql_dialect::array_type(const column& c) const {
    if (is_native_enum(c.type)) return type_name(c) + "[]";
    switch (c.type.kind) {
    case type_kind::text:
    case type_kind::enumeration:
    case type_kind::array: return "TEXT[]"; // there are no arrays of arrays: each is the text of one
    case type_kind::decimal: return "NUMERIC[]";
    default: return type_name(c) + "[]";
    }
}

std::string_view postgresql_dialect::fault_of_enum_word(std::string_view word) const noexcept {
    constexpr std::size_t longest = 63;
    return word.size() > longest ? "has more than PostgreSQL's 63 bytes" : "";
}

namespace {

/// What stands around an array's placeholder; the first is empty where kin writes no such array. Texts are left to the server, which takes
/// the type of what is compared with them: TEXT, or an enumeration that nothing is compared with but itself.
struct array_words {
    std::string_view before, after;
};
constexpr array_words words_of_array(cell_kind kind) noexcept {
    switch (kind) {
    case cell_kind::integer: return {"(CAST(", " AS BIGINT[]))"};
    case cell_kind::real: return {"(CAST(", " AS DOUBLE PRECISION[]))"};
    case cell_kind::text: return {"(", ")"};
    case cell_kind::uuid: return {"(CAST(", " AS UUID[]))"};
    default: return {};
    }
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

void append_bytes(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\"\\\\x"; // a backslash is doubled in an array
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    out += '"';
}

template <class Number> void append_number(std::string& out, Number number) {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// False for a date outside of the years 1 to 9999, which PostgreSQL writes otherwise.
bool append_time(std::string& out, const cell& c) {
    char buffer[detail::iso_time_size];
    const std::size_t size = c.kind == cell_kind::date   ? detail::format_date(c.integer, buffer)
                             : c.kind == cell_kind::time ? detail::format_time(c.integer, buffer)
                                                         : detail::format_timestamp(c.integer, buffer);
    const std::string_view text(buffer, size);
    if (text.empty() || text.starts_with("0000")) return false;
    out.append(1, '"').append(text) += c.kind == cell_kind::timestamp ? "Z\"" : "\"";
    return true;
}

bool append_element(std::string& out, const cell& c) {
    switch (c.kind) {
    case cell_kind::null: out += "NULL"; return true;
    case cell_kind::boolean: out += c.integer != 0 ? 't' : 'f'; return true;
    case cell_kind::integer: append_number(out, c.integer); return true;
    case cell_kind::real: append_number(out, c.real); return true; // also "nan" and "inf"
    case cell_kind::date:
    case cell_kind::timestamp:
    case cell_kind::time: return append_time(out, c);
    case cell_kind::uuid: out += uuid::from_bytes(c.data).to_string(); return true;
    case cell_kind::blob: append_bytes(out, c.bytes()); return true;
    case cell_kind::decimal: out += c.bytes(); return true;
    case cell_kind::text:
    case cell_kind::json: append_quoted(out, c.bytes()); return true;
    case cell_kind::array: {
        const std::optional<std::string> array = literal_of_json(c.bytes());
        if (array) append_quoted(out, *array);
        return array.has_value();
    }
    }
    return false;
}

} // namespace

bool postgresql_dialect::takes_array_of(cell_kind kind) const noexcept {
    return !words_of_array(kind).before.empty();
}

void postgresql_dialect::in_array(std::string& out, std::size_t n, cell_kind kind, bool negated) const {
    const array_words words = words_of_array(kind);
    out.append(negated ? " <> ALL " : " = ANY ").append(words.before);
    placeholder(out, n);
    out.append(words.after);
}

std::optional<std::string> postgresql_dialect::array_text(std::span<const cell> values) const {
    std::string out(1, '{');
    for (const cell& v : values) {
        if (out.size() > 1) out += ',';
        if (!append_element(out, v)) return {};
    }
    out += '}';
    return out;
}

#define KIN_JSON_AT "jsonb_path_query_first(CAST({c} AS JSONB), CAST({p} AS JSONPATH), '{}', TRUE)"
#define KIN_JSON_CASE(condition, content)                                                                    \
    "(SELECT CASE WHEN " condition " THEN " content " END FROM (SELECT " KIN_JSON_AT " AS v) AS j)"

std::string_view postgresql_dialect::json_access(type_kind as) const noexcept {
    switch (as) {
    case type_kind::integer:
        return KIN_JSON_CASE(
            "jsonb_typeof(j.v) = 'number' AND j.v #>> '{}' ~ '^-?[0-9]+$' AND CAST(j.v AS NUMERIC) "
            "BETWEEN -9223372036854775808 AND 9223372036854775807",
            "CAST(j.v AS BIGINT)");
    case type_kind::real:
        return KIN_JSON_CASE("jsonb_typeof(j.v) = 'number'", "CAST(j.v AS DOUBLE PRECISION)");
    case type_kind::boolean: return KIN_JSON_CASE("jsonb_typeof(j.v) = 'boolean'", "CAST(j.v AS BOOLEAN)");
    case type_kind::json: return KIN_JSON_AT;
    default: return KIN_JSON_CASE("jsonb_typeof(j.v) = 'string'", "j.v #>> '{}'");
    }
}

#undef KIN_JSON_CASE
#undef KIN_JSON_AT

std::string postgresql_dialect::json_path(std::span<const json_step> path) const {
    std::string out = "strict $";
    for (const json_step& step : path) {
        if (step.is_position) {
            out += "[" + step.text + "]";
            continue;
        }
        if (step.text.find('\0') != std::string::npos) {
            refuse("unsupported_feature",
                   "postgresql cannot look into a JSON document for a name with the character NUL, which "
                   "no document there has");
        }
        out += '.';
        detail::append_json_string(out, step.text);
    }
    return out;
}

/// By way of NUMERIC, which rounds halves away from zero as the other databases do, and to digits.
std::string_view postgresql_dialect::function_pattern(std::string_view name) const noexcept {
    if (name == "decimal_round") return "round({1}, CAST({2} AS INTEGER))";
    if (name != "round") return dialect::function_pattern(name);
    return "CAST(round(CAST({1} AS NUMERIC), CAST({2} AS INTEGER)) AS DOUBLE PRECISION)";
}

void postgresql_dialect::limit_offset(std::string& out, bool has_limit, bool has_offset,
                                      std::size_t first_placeholder) const {
    if (has_limit) {
        out += "LIMIT ";
        placeholder(out, first_placeholder);
        if (has_offset) out += ' ';
    }
    if (!has_offset) return;
    out += "OFFSET ";
    placeholder(out, first_placeholder + (has_limit ? 1 : 0));
}

} // namespace kin::postgresql
