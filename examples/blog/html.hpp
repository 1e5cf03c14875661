// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace blog {

class html;

/// One part of a piece of HTML: markup, text, a number, or HTML that is finished. Only a string literal can be markup,
/// because that constructor runs at compile time; whatever the program learns while it runs is text, and is escaped.
class html_part {
public:
    template <std::size_t N> consteval html_part(const char (&markup)[N]) : content_(markup, N - 1) {}
    template <std::convertible_to<std::string_view> Text>
        requires(!std::is_array_v<Text>)
    html_part(const Text& text) : kind_(kind::text),
                                  content_(text) {}
    template <std::integral Number>
        requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
    html_part(Number number) : kind_(kind::number),
                               number_(static_cast<std::int64_t>(number)) {}
    html_part(const html& finished);

    void append_to(std::string& out) const;

private:
    enum class kind { markup, text, number };
    kind kind_ = kind::markup;
    std::string_view content_;
    std::int64_t number_ = 0;
};

/// HTML in the making. Nothing gets into it unescaped: `html{"<h1>", post->title, "</h1>"}`.
class html {
public:
    html() = default;
    html(std::initializer_list<html_part> parts) { *this += parts; }
    /// The parts must not come from this object.
    html& operator+=(std::initializer_list<html_part> parts) {
        for (const html_part& part : parts) part.append_to(content_);
        return *this;
    }
    [[nodiscard]] const std::string& str() const noexcept { return content_; }
    [[nodiscard]] bool empty() const noexcept { return content_.empty(); }

private:
    std::string content_;
};

/// <time> with the day, for people, and the moment, for machines.
[[nodiscard]] html date(std::chrono::sys_seconds moment);
/// A <p> for each paragraph; those are separated by empty lines. Single line breaks stay.
[[nodiscard]] html paragraphs(std::string_view text);

} // namespace blog
