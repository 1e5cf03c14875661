// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <algorithm>

namespace blog {

namespace {
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }
} // namespace

std::string_view trimmed(std::string_view text) {
    static constexpr std::string_view white = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string excerpt(std::string_view text, std::size_t length) {
    if (text.size() <= length) return std::string(text);
    std::size_t end = text.find_last_of(" \n", length);
    if (end == std::string_view::npos || end == 0) {
        end = length;
        while (end > 0 && !begins_character(text[end])) --end;
    }
    std::string result(text.substr(0, end));
    while (!result.empty() && std::string_view(" \n,;:.").find(result.back()) != std::string_view::npos)
        result.pop_back();
    return result + "…";
}

std::string initials(std::string_view name) {
    std::string result;
    bool word_begins = true;
    std::size_t letters = 0;
    for (std::size_t i = 0; i < name.size() && letters < 2; ++i) {
        if (name[i] == ' ') {
            word_begins = true;
        } else if (word_begins) {
            do result += name[i++];
            while (i < name.size() && !begins_character(name[i]));
            --i;
            word_begins = false;
            ++letters;
        }
    }
    return result;
}

std::string with_commas(std::int64_t number) {
    const std::string digits = std::to_string(number);
    std::string result;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0) result += ',';
        result += digits[i];
    }
    return result;
}

std::string counted(std::int64_t number, std::string_view noun) {
    return counted(number, noun, std::string(noun) + 's');
}

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
    std::string result = number == 0 ? "no" : with_commas(number);
    result += ' ';
    return result += number == 1 ? one : many;
}

std::string address_part(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-') {
            result += c;
        } else {
            result += '%';
            result += digits[byte / 16];
            result += digits[byte % 16];
        }
    }
    return result;
}

} // namespace blog
