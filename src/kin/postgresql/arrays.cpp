// SPDX-License-Identifier: MIT
#include "kin/postgresql/arrays.hpp"

#include "kin/base/array_text.hpp"
#include "kin/base/json_text.hpp"
#include "kin/base/scratch.hpp"
#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/types.hpp"
#include "kin/postgresql/values.hpp"

namespace kin::postgresql {

namespace {

constexpr struct {
    std::uint32_t array;
    type_oid element;
} array_types[] = {
    {1000, boolean_type},     {1005, int2_type},      {1007, int4_type}, {1009, text_type},
    {1014, bpchar_type},      {1015, varchar_type},   {1016, int8_type}, {1021, float4_type},
    {1022, float8_type},      {1115, timestamp_type}, {1182, date_type}, {1183, time_type},
    {1185, timestamptz_type}, {1231, numeric_type},   {2951, uuid_type},
};

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

void skip_space(std::string_view& text) noexcept {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

bool take(std::string_view& text, std::string_view word) noexcept {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

/// An element of a JSON array, from the front of `json`.
bool take_scalar(std::string_view& json, std::string& content, std::string& out) {
    if (json.starts_with('"')) {
        if (!detail::take_json_string(json, content)) return false;
        append_quoted(out, content);
        return true;
    }
    if (take(json, "null")) return out += "NULL", true;
    if (take(json, "true")) return out += "true", true;
    if (take(json, "false")) return out += "false", true;
    const std::string_view number = detail::take_json_number(json);
    out += number;
    return !number.empty();
}

/// An element in the text form of an array, from the front of `text`. `quoted`: NULL is the word then.
void take_element(std::string_view& text, std::string& content, bool& quoted) {
    content.clear();
    quoted = take(text, "\"");
    while (!text.empty()) {
        char c = text.front();
        if (quoted ? c == '"' : c == ',' || c == '}') break;
        text.remove_prefix(1);
        if (c == '\\' && !text.empty()) {
            c = text.front();
            text.remove_prefix(1);
        }
        content += c;
    }
    if (quoted) (void)take(text, "\"");
}

} // namespace

std::uint32_t element_of(std::uint32_t array_type) noexcept {
    for (const auto& t : array_types) {
        if (t.array == array_type) return t.element;
    }
    return any_type;
}

std::optional<std::string> literal_of_json(std::string_view json) {
    skip_space(json);
    if (!take(json, "[")) return {};
    std::string out(1, '{');
    std::string content;
    skip_space(json);
    while (!json.starts_with(']')) {
        if (out.size() > 1) {
            if (!take(json, ",")) return {};
            skip_space(json);
            out += ',';
        }
        if (!take_scalar(json, content, out)) return {};
        skip_space(json);
    }
    out += '}';
    return out;
}

std::optional<std::string> json_of_binary_array(std::string_view bytes) {
    constexpr std::size_t header = 12; // dimensions, flags, type of the elements
    if (bytes.size() < header) return {};
    const auto dimensions = read_integer<std::int32_t>(bytes.data());
    const auto element = read_integer<std::uint32_t>(bytes.data() + 8);
    detail::array_writer json;
    if (dimensions == 0) return std::string(json.finish());
    if (dimensions != 1 || bytes.size() < header + 8) return {};
    auto left = read_integer<std::int32_t>(bytes.data() + header);
    bytes.remove_prefix(header + 8); // number of elements, and where they begin to count
    const cell_kind kind = kind_of(element);
    for (; left > 0; --left) {
        if (bytes.size() < 4) return {};
        const auto size = read_integer<std::int32_t>(bytes.data());
        bytes.remove_prefix(4);
        cell c;
        scratch memory;
        if (size >= 0) {
            const auto count = static_cast<std::size_t>(size);
            if (bytes.size() < count) return {};
            if (!read_binary(element, bytes.substr(0, count), kind, memory, c)) return {};
            bytes.remove_prefix(count);
        }
        if (!json.add(c)) return {};
    }
    return std::string(json.finish());
}

std::optional<std::string> json_of_text_array(std::uint32_t array_type, std::string_view text) {
    const std::uint32_t known = element_of(array_type);
    const std::uint32_t element = known == any_type ? static_cast<std::uint32_t>(text_type) : known;
    if (text.starts_with('['))
        text.remove_prefix(text.find('=') + 1); // [2:3]={...}: where they begin to count
    if (!take(text, "{")) return {};
    const cell_kind kind = kind_of(element);
    detail::array_writer json;
    std::string content;
    for (bool first = true; !text.starts_with('}'); first = false) {
        if (text.empty() || (!first && !take(text, ",")) || text.starts_with('{')) return {};
        bool quoted = false;
        take_element(text, content, quoted);
        cell c;
        scratch memory;
        const bool is_null = !quoted && content == "NULL";
        if (!is_null && !read_text(element, content, kind, memory, c)) return {};
        if (!json.add(c)) return {};
    }
    return std::string(json.finish());
}

} // namespace kin::postgresql
