// SPDX-License-Identifier: MIT
#include "kin/base/array_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

#include "kin/base/iso_time.hpp"
#include "kin/base/json_text.hpp"
#include "kin/base/utf8.hpp"
#include "kin/base/uuid.hpp"

namespace kin::detail {

namespace {

template <class Number> void append_number(std::string& out, Number number) {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_real(std::string& out, double number) {
    if (std::isnan(number)) {
        out += "\"NaN\"";
    } else if (std::isinf(number)) {
        out += number < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
        append_number(out, number);
    }
}

bool append_iso_time(std::string& out, const cell& c) {
    char text[iso_time_size];
    const std::size_t size = c.kind == cell_kind::date   ? format_date(c.integer, text)
                             : c.kind == cell_kind::time ? format_time(c.integer, text)
                                                         : format_timestamp(c.integer, text);
    out += '"';
    out.append(text, size);
    out += '"';
    return size != 0;
}

bool append_element(std::string& out, const cell& c) {
    switch (c.kind) {
    case cell_kind::null: out += "null"; return true;
    case cell_kind::integer: append_number(out, c.integer); return true;
    case cell_kind::boolean: out += c.integer != 0 ? "true" : "false"; return true;
    case cell_kind::real: append_real(out, c.real); return true;
    case cell_kind::date:
    case cell_kind::timestamp:
    case cell_kind::time: return append_iso_time(out, c);
    case cell_kind::uuid: append_json_string(out, uuid::from_bytes(c.data).to_string()); return true;
    case cell_kind::text:
    case cell_kind::decimal:
        if (!is_valid_utf8(c.bytes())) return false;
        append_json_string(out, c.bytes());
        return true;
    case cell_kind::blob:
    case cell_kind::json:
    case cell_kind::array: break;
    }
    return false;
}

bool real_of(std::string_view word, double& number) noexcept {
    using limits = std::numeric_limits<double>;
    if (word == "NaN") return number = limits::quiet_NaN(), true;
    if (word == "Infinity") return number = limits::infinity(), true;
    if (word == "-Infinity") return number = -limits::infinity(), true;
    return false;
}

} // namespace

bool array_writer::add(const cell& element) {
    if (text_.size() > 1) text_ += ',';
    return append_element(text_, element);
}

std::string_view array_writer::finish() { return text_ += ']'; }

array_reader::array_reader(std::string_view text) noexcept : left_(text) { open_ = take('['); }

void array_reader::skip_space() noexcept {
    while (!left_.empty() && std::string_view(" \t\r\n").find(left_.front()) != std::string_view::npos)
        left_.remove_prefix(1);
}

bool array_reader::take(char c) noexcept {
    skip_space();
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    skip_space();
    return true;
}

bool array_reader::take_word(std::string_view word) noexcept {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
}

bool array_reader::next(cell_kind as, cell& out) {
    if (!open_) return false;
    if (take(']')) {
        open_ = false;
        whole_ = left_.empty();
        return false;
    }
    open_ = (count_ == 0 || take(',')) && take_element(as, out);
    ++count_;
    return open_;
}

bool array_reader::take_element(cell_kind as, cell& out) {
    if (take_word("null")) {
        out = cell();
        return true;
    }
    if (left_.starts_with('"')) return take_json_string(left_, content_) && of_string(as, out);
    if (as != cell_kind::boolean) return take_number(as, out);
    const bool yes = take_word("true");
    if (!yes && !take_word("false")) return false;
    out = cell::of_integer(yes ? 1 : 0, as);
    return true;
}

bool array_reader::take_number(cell_kind as, cell& out) noexcept {
    const std::string_view number = take_json_number(left_);
    const char* const end = number.data() + number.size();
    if (number.empty()) return false;
    if (as == cell_kind::integer) {
        std::int64_t value = 0;
        const auto [stop, fault] = std::from_chars(number.data(), end, value);
        out = cell::of_integer(value);
        return fault == std::errc() && stop == end;
    }
    if (as == cell_kind::real) {
        double value = 0;
        const auto [stop, fault] = std::from_chars(number.data(), end, value);
        out = cell::of_real(value);
        return fault == std::errc() && stop == end;
    }
    if (as != cell_kind::decimal) return false;
    out = cell::of_bytes(number, as); // a number of another program: still text, so still exact
    return true;
}

bool array_reader::of_string(cell_kind as, cell& out) {
    std::optional<std::int64_t> time;
    switch (as) {
    case cell_kind::text:
    case cell_kind::decimal: out = cell::of_bytes(content_, as); return true;
    case cell_kind::uuid: {
        const std::optional<uuid> id = uuid::parse(content_);
        if (!id) return false;
        content_.assign(reinterpret_cast<const char*>(id->bytes()), uuid::size);
        out = cell::of_bytes(content_, as);
        return true;
    }
    case cell_kind::real: {
        double number = 0;
        if (!real_of(content_, number)) return false;
        out = cell::of_real(number);
        return true;
    }
    case cell_kind::date: time = parse_date(content_); break;
    case cell_kind::time: time = parse_time(content_); break;
    case cell_kind::timestamp: time = parse_timestamp(content_); break;
    default: break;
    }
    if (!time) return false;
    out = cell::of_integer(*time, as);
    return true;
}

} // namespace kin::detail
