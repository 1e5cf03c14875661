// SPDX-License-Identifier: MIT
#include "kin/base/json_text.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "kin/base/utf8.hpp"

namespace kin::detail {

namespace {

constexpr int deepest = 500;
constexpr std::size_t most_digits = 400;
constexpr char hex[] = "0123456789abcdef";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xC0 | point >> 6);
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
    }
    put(0x80 | (point & 0x3F));
}

/// Four hexadecimal digits.
bool take_unit(std::string_view& text, std::uint32_t& unit) noexcept {
    if (text.size() < 4) return false;
    unit = 0;
    for (const char c : text.substr(0, 4)) {
        const char lower = static_cast<char>(c | 0x20);
        if (is_digit(c))
            unit = unit * 16 + static_cast<std::uint32_t>(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            unit = unit * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
        else
            return false;
    }
    text.remove_prefix(4);
    return true;
}

/// What follows \u: one unit, or a pair of surrogates.
bool take_code_point(std::string_view& text, std::string& content) {
    std::uint32_t point = 0;
    if (!take_unit(text, point) || (point >= 0xDC00 && point <= 0xDFFF)) return false;
    if (point >= 0xD800 && point <= 0xDBFF) {
        std::uint32_t low = 0;
        if (!text.starts_with("\\u")) return false;
        text.remove_prefix(2);
        if (!take_unit(text, low) || low < 0xDC00 || low > 0xDFFF) return false;
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(content, point);
    return true;
}

bool take_escape(std::string_view& text, std::string& content) {
    if (text.empty()) return false;
    const char c = text.front();
    text.remove_prefix(1);
    switch (c) {
    case '"':
    case '\\':
    case '/': content += c; return true;
    case 'b': content += '\b'; return true;
    case 'f': content += '\f'; return true;
    case 'n': content += '\n'; return true;
    case 'r': content += '\r'; return true;
    case 't': content += '\t'; return true;
    case 'u': return take_code_point(text, content);
    default: return false;
    }
}

/// The number without an exponent, as far as that is short.
std::string plain_number(std::string_view number) {
    const bool minus = number.starts_with('-');
    const std::size_t end = number.find_first_of("eE");
    std::string_view mantissa =
        number.substr(minus ? 1 : 0, end == std::string_view::npos ? end : end - (minus ? 1 : 0));
    std::int64_t exponent = 0;
    if (end != std::string_view::npos) {
        std::string_view digits = number.substr(end + 1);
        const bool below = digits.starts_with('-');
        if (below || digits.starts_with('+')) digits.remove_prefix(1);
        for (const char c : digits) exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 1'000'000);
        if (below) exponent = -exponent;
    }
    const std::size_t point = mantissa.find('.');
    std::string digits(mantissa.substr(0, point));
    std::int64_t fraction = 0;
    if (point != std::string_view::npos) {
        digits += mantissa.substr(point + 1);
        fraction = static_cast<std::int64_t>(mantissa.size() - point - 1);
    }
    fraction -= exponent;
    const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
    if (is_zero) digits.assign(1, '0'); // g++ 12 warns about what = "0" would copy
    if (fraction < 0) {
        if (!is_zero && static_cast<std::size_t>(-fraction) + digits.size() > most_digits)
            return std::string(number);
        if (!is_zero) digits.append(static_cast<std::size_t>(-fraction), '0');
        fraction = 0;
    }
    if (static_cast<std::size_t>(fraction) > most_digits) return std::string(number);
    const auto places = static_cast<std::size_t>(fraction);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - places - 1));
    if (places != 0) digits.insert(digits.size() - places, 1, '.');
    return minus && !is_zero ? "-" + digits : digits;
}

/// The order of names that PostgreSQL's jsonb keeps.
struct shorter_first {
    bool operator()(const std::string& a, const std::string& b) const noexcept {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
};

/// Reads a value and writes it anew.
class normaliser {
public:
    explicit normaliser(std::string_view text) noexcept : left_(text) {}

    std::optional<std::string> run() {
        std::string out;
        if (!value(out, 0)) return {};
        skip_space();
        if (!left_.empty()) return {};
        return out;
    }

private:
    void skip_space() noexcept {
        const std::size_t start = left_.find_first_not_of(" \t\r\n");
        left_.remove_prefix(std::min(start, left_.size()));
    }
    bool take(char c) noexcept {
        skip_space();
        if (!left_.starts_with(c)) return false;
        left_.remove_prefix(1);
        return true;
    }
    bool word(std::string& out, std::string_view w) {
        if (!left_.starts_with(w)) return false;
        left_.remove_prefix(w.size());
        out += w;
        return true;
    }
    bool value(std::string& out, int depth) {
        skip_space();
        if (left_.empty() || depth > deepest) return false;
        switch (left_.front()) {
        case '{': return object(out, depth);
        case '[': return array(out, depth);
        case '"': return string(out);
        case 't': return word(out, "true");
        case 'f': return word(out, "false");
        case 'n': return word(out, "null");
        default: break;
        }
        const std::string_view number = take_json_number(left_);
        if (number.empty()) return false;
        out += plain_number(number);
        return true;
    }
    bool string(std::string& out) {
        std::string content;
        if (!take_json_string(left_, content)) return false;
        append_json_string(out, content);
        return true;
    }
    bool array(std::string& out, int depth) {
        left_.remove_prefix(1);
        out += '[';
        if (!take(']')) {
            if (!value(out, depth + 1)) return false;
            while (take(',')) {
                out += ',';
                if (!value(out, depth + 1)) return false;
            }
            if (!take(']')) return false;
        }
        out += ']';
        return true;
    }
    bool object(std::string& out, int depth) {
        left_.remove_prefix(1);
        std::map<std::string, std::string, shorter_first> members; // of two of one name the last one counts
        if (!take('}')) {
            do {
                skip_space();
                std::string name, content;
                if (!left_.starts_with('"') || !take_json_string(left_, name)) return false;
                if (!take(':') || !value(content, depth + 1)) return false;
                members[std::move(name)] = std::move(content);
            } while (take(','));
            if (!take('}')) return false;
        }
        out += '{';
        for (const auto& [name, content] : members) {
            if (out.back() != '{') out += ',';
            append_json_string(out, name);
            out += ':';
            out += content;
        }
        out += '}';
        return true;
    }

    std::string_view left_;
};

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20) {
                out += c;
            } else {
                out += "\\u00";
                out += hex[static_cast<unsigned char>(c) >> 4];
                out += hex[c & 0x0F];
            }
        }
    }
    out += '"';
}

bool take_json_string(std::string_view& text, std::string& content) {
    content.clear();
    if (!text.starts_with('"')) return false;
    text.remove_prefix(1);
    while (!text.empty()) {
        const char c = text.front();
        if (static_cast<unsigned char>(c) < 0x20) return false;
        text.remove_prefix(1);
        if (c == '"') return true;
        if (c != '\\')
            content += c;
        else if (!take_escape(text, content))
            return false;
    }
    return false;
}

std::string_view take_json_number(std::string_view& text) noexcept {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at - first;
    };
    if (text.starts_with('-')) ++at;
    const bool zero = at < text.size() && text[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return {};
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0) return {};
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (digits() == 0) return {};
    }
    const std::string_view number = text.substr(0, at);
    text.remove_prefix(at);
    return number;
}

std::optional<std::string> normalised_json(std::string_view text) {
    if (!is_valid_utf8(text)) return {};
    return normaliser(text).run();
}

} // namespace kin::detail
