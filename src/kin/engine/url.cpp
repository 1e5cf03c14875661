// SPDX-License-Identifier: MIT
#include "kin/engine/url.hpp"

#include <algorithm>
#include <charconv>

#include "kin/base/error.hpp"
#include "kin/engine/url_options.hpp"

namespace kin {

namespace {

constexpr std::string_view form = "dialect://user:password@host:port/database?option=value";

[[noreturn]] void fail(std::string_view part, std::string_view fault) {
    std::string message = "database URL, ";
    message.append(part).append(": ").append(fault);
    throw usage_error({.code = "bad_url", .message = std::move(message), .sql = {}});
}

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode(std::string_view part, std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            fail(part, "% must be followed by two hexadecimal digits; write %25 for a percent sign");
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (out.find('\0') != std::string::npos) fail(part, "it contains the character NUL; leave %00 out");
    return out;
}

void encode(std::string& out, std::string_view text, std::string_view also_plain) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~' ||
                           also_plain.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

void parse_dialect(url& u, std::string_view text) {
    const auto plus = text.find('+');
    if (!is_word(text.substr(0, plus))) {
        fail("dialect", "it is missing or not made of lower-case letters; write sqlite, postgresql or "
                        "mariadb before ://");
    }
    u.dialect = text.substr(0, plus);
    if (plus == std::string_view::npos) return;
    if (!is_word(text.substr(plus + 1)))
        fail("driver", "the name after + is missing or not made of lower-case letters");
    u.driver = text.substr(plus + 1);
}

/// Takes `user:password@` from the front of `rest`. A password may hold a raw slash, as SQLAlchemy accepts it, but no raw @ or ?.
void parse_user(url& u, std::string_view& rest) {
    const auto end = rest.substr(0, rest.find('?')).find('@');
    const auto user_end = rest.find_first_of(":/@");
    if (end == std::string_view::npos || user_end > end || rest[user_end] == '/') return;
    u.user = decode("user", rest.substr(0, user_end));
    if (user_end < end) u.password = decode("password", rest.substr(user_end + 1, end - user_end - 1));
    rest.remove_prefix(end + 1);
}

void parse_port(url& u, std::string_view text) {
    if (text.empty()) return;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), u.port);
    if (fault != std::errc() || end != text.data() + text.size() || u.port == 0) {
        fail("port", "it is not a number from 1 to 65535; in a user name or password write : / ? @ % as %3A "
                     "%2F %3F %40 %25");
    }
}

void parse_host(url& u, std::string_view text) {
    // The rest of a password, which no message may show as a host.
    if (text.find('@') != std::string_view::npos) fail("user or password", "there is an @ in it; write %40");
    std::size_t host_end = text.find(':');
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == std::string_view::npos)
            fail("host", "the ] after an IPv6 address is missing; write [::1]");
        u.host = text.substr(1, bracket - 1);
        if (bracket + 1 < text.size() && text[bracket + 1] != ':')
            fail("host", "only :port may follow the ]");
        host_end = bracket + 1;
    } else {
        u.host = decode("host", text.substr(0, host_end));
    }
    if (host_end < text.size()) parse_port(u, text.substr(host_end + 1));
}

void parse_options(url& u, std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            fail("options", "one of them is not of the form name=value; join them with &");
        }
        u.options.emplace_back(decode("options", pair.substr(0, equals)),
                               decode("options", pair.substr(equals + 1)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string print(const url& u, bool with_password) {
    std::string out = u.dialect;
    if (!u.driver.empty()) out.append("+").append(u.driver);
    out += "://";
    encode(out, u.user, "");
    if (!u.password.empty()) {
        out += ':';
        if (with_password) {
            encode(out, u.password, "");
        } else {
            out += "***";
        }
    }
    if (!u.user.empty() || !u.password.empty()) out += '@';
    if (u.host.find(':') != std::string::npos) {
        out.append("[").append(u.host).append("]");
    } else {
        encode(out, u.host, "");
    }
    if (u.port != 0) out.append(":").append(std::to_string(u.port));
    if (!u.database.empty()) {
        out += '/';
        encode(out, u.database, "/:\\ +,");
    }
    char separator = '?';
    for (const auto& [name, value] : u.options) {
        out += std::exchange(separator, '&');
        encode(out, name, "");
        out += '=';
        encode(out, value, "/:");
    }
    return out;
}

} // namespace

url url::parse(std::string_view text) {
    url u;
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) {
        fail("dialect",
             std::string("there is no ://; write ").append(form).append(", for example sqlite:///app.db"));
    }
    parse_dialect(u, text.substr(0, scheme_end));
    std::string_view rest = text.substr(scheme_end + 3);
    parse_user(u, rest);
    const auto question = std::min(rest.find('?'), rest.size());
    const std::string_view place = rest.substr(0, question);
    const auto slash = std::min(place.find('/'), place.size());
    parse_host(u, place.substr(0, slash));
    if (slash < place.size()) u.database = decode("database", place.substr(slash + 1));
    if (question < rest.size()) parse_options(u, rest.substr(question + 1));
    return u;
}

std::string url::to_string() const { return print(*this, false); }

std::string url::to_string_with_password() const { return print(*this, true); }

const std::string* url::find_option(std::string_view name) const noexcept {
    for (const auto& [key, value] : options) {
        if (key == name) return &value;
    }
    return nullptr;
}

void url::require_known_options(std::initializer_list<std::string_view> allowed) const {
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::string& name = options[i].first;
        const auto is_same = [&](const auto& other) { return other.first == name; };
        const auto before = options.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find_if(options.begin(), before, is_same) != before) {
            fail("options",
                 is_word(name) ? "option " + name + " is given twice" : "one of them is given twice");
        }
        if (std::find(allowed.begin(), allowed.end(), name) != allowed.end() || is_engine_option(name))
            continue;
        std::string fault = is_word(name) ? dialect + " has no option " + name : "one of them is unknown";
        fault += "; there are:";
        for (const std::string_view known : allowed) fault.append(" ").append(known);
        append_engine_options(fault);
        fail("options", fault);
    }
}

} // namespace kin
