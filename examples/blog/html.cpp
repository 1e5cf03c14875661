// SPDX-License-Identifier: MIT
#include "html.hpp"

#include <array>
#include <cstdio>

#include "text.hpp"

namespace blog {

html_part::html_part(const html& finished) : content_(finished.str()) {}

void html_part::append_to(std::string& out) const {
    switch (kind_) {
    case kind::markup: out += content_; return;
    case kind::number: out += std::to_string(number_); return;
    case kind::text: break;
    }
    for (const char c : content_) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
}

html date(std::chrono::sys_seconds moment) {
    static constexpr std::array months = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day ymd{day};
    const std::chrono::hh_mm_ss time{moment - day};
    const auto month = static_cast<unsigned>(ymd.month());
    const auto day_of_month = static_cast<unsigned>(ymd.day());
    const int year = static_cast<int>(ymd.year());
    std::array<char, 48> machine{};
    std::snprintf(machine.data(), machine.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", year, month, day_of_month,
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return {"<time datetime='",
            std::string_view(machine.data()),
            "'>",
            day_of_month,
            " ",
            std::string_view(months[month - 1]),
            " ",
            year,
            "</time>"};
}

html paragraphs(std::string_view text) {
    html result;
    while (!text.empty()) {
        const std::size_t end = text.find("\n\n");
        std::string_view paragraph = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
        if (paragraph.empty()) continue;
        result += {"<p>"};
        for (std::size_t line = paragraph.find('\n'); line != std::string_view::npos;
             line = paragraph.find('\n')) {
            result += {paragraph.substr(0, line), "<br>\n"};
            paragraph.remove_prefix(line + 1);
        }
        result += {paragraph, "</p>\n"};
    }
    return result;
}

} // namespace blog
