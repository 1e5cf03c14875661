// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "html.hpp"

namespace blog {

/// What a handler answers with; the layout goes around it.
struct page {
    std::string title;
    html body;
    int status = 200;
    std::string location = {}; // where a redirect leads
};

/// "303 See Other": after a POST, so that a reload does not send it again.
[[nodiscard]] inline page redirect(std::string location) {
    return {.title = {}, .body = {}, .status = 303, .location = std::move(location)};
}

/// Thrown by a handler that cannot answer: becomes an error page.
struct http_error {
    int status;
    std::string message;
};

} // namespace blog
