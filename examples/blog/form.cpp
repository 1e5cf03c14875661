// SPDX-License-Identifier: MIT
#include "form.hpp"

#include <string>

#include "text.hpp"

namespace blog {

void field::read(const httplib::Request& request) {
    // The blog's own forms are multipart: httplib takes no more than 8 KiB of the other kind.
    std::string sent =
        request.has_file(name_) ? request.get_file_value(name_).content : request.get_param_value(name_);
    // Browsers end lines with \r\n. Other control characters are no text.
    std::erase_if(sent, [](char c) { return (c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == '\x7f'; });
    value_ = trimmed(sent);
}

void field::require(std::string_view when_empty, std::size_t most) {
    if (value_.empty())
        error_ = when_empty;
    else
        limit(most);
}

void field::limit(std::size_t most) {
    const std::size_t length = character_count(value_);
    if (length > most)
        error_ = "At most " + with_commas(static_cast<std::int64_t>(most)) + " characters; this has " +
                 with_commas(static_cast<std::int64_t>(length)) + ".";
}

html field::label() const { return {"<label for='", id_, "'>", label_, "</label>\n"}; }

html field::attributes(std::string_view hint) const {
    html result{" id='", id_, "' name='", name_, "'"};
    if (required_) result += {" aria-required='true'"};
    if (!error_.empty())
        result += {" aria-invalid='true' aria-describedby='", id_, "-error' autofocus"};
    else if (!hint.empty())
        result += {" aria-describedby='", id_, "-hint'"};
    return result;
}

html field::notes(std::string_view hint) const {
    if (!error_.empty()) return {"<p class='error' id='", id_, "-error'>", error_, "</p>\n"};
    if (!hint.empty()) return {"<p class='hint' id='", id_, "-hint'>", hint, "</p>\n"};
    return {};
}

html field::input(std::string_view hint) const {
    return {"<div class='field'>\n",
            label(),
            "<input type='text'",
            attributes(hint),
            " value='",
            value_,
            "'>\n",
            notes(hint),
            "</div>\n"};
}

html field::text_area(int rows) const {
    // The parser drops a line break right after the tag, so one is given to it.
    return {"<div class='field'>\n", label(),   "<textarea rows='", rows, "'", attributes({}), ">\n", value_,
            "</textarea>\n",         notes({}), "</div>\n"};
}

} // namespace blog
