// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <array>
#include <cstdio>

#include "text.hpp"

namespace blog {

namespace {

html sql_footer(const request_session& db) {
    std::array<char, 32> milliseconds{};
    std::snprintf(milliseconds.data(), milliseconds.size(), "%.1f", db.milliseconds());
    return {"<p class='sql-footer' data-statements='",
            db.statements(),
            "'>",
            db.statements(),
            db.statements() == 1 ? " statement, " : " statements, ",
            std::string_view(milliseconds.data()),
            " ms</p>\n"};
}

std::string_view error_name(int status) {
    switch (status) {
    case 400: return "That request makes no sense";
    case 403: return "Not from here";
    case 404: return "There is nothing here";
    case 405: return "That cannot be done here";
    case 409: return "That is taken already";
    case 413: return "That is too much";
    case 503: return "Too busy just now";
    default: return status < 500 ? "That did not work" : "Something broke";
    }
}

} // namespace

std::string document(const page& p, const request_session& db) {
    return html{R"(<!doctype html>
<html lang='en'>
<head>
<meta charset='utf-8'>
<meta name='viewport' content='width=device-width, initial-scale=1'>
<meta name='color-scheme' content='light dark'>
<title>)", p.title,
                R"( · Kith</title>
<link rel='icon' href='/icon.svg' type='image/svg+xml'>
<link rel='stylesheet' href='/style.css'>
</head>
<body>
<a class='skip' href='#main'>Skip to the content</a>
<header class='site'>
<a class='brand' href='/'>Kith</a>
<p class='motto'>notes by friends and neighbours</p>
<nav aria-label='Site'><a href='/tags'>Tags</a> <a class='button' href='/posts/new'>Write a post</a></nav>
</header>
<main id='main' tabindex='-1'>
)", p.body,
                R"(</main>
<footer class='site'>
<p>An example of <strong>kin</strong>, objects and tables in C++.</p>
)",         sql_footer(db), "</footer>\n</body>\n</html>\n"}
        .str();
}

html byline(const User& user) {
    return {"<a class='author' href='/users/",
            user.id.get(),
            "'><span class='avatar tone-",
            user.id % 8,
            "' aria-hidden='true'>",
            initials(user.name),
            "</span>",
            user.name,
            "</a>"};
}

page error_page(int status, const std::string& message) {
    return {.title = std::string(error_name(status)),
            .body = {"<div class='failure'>\n<p class='failure-status'>", status, "</p>\n<h1>",
                     error_name(status), "</h1>\n<p>", message,
                     "</p>\n<p><a href='/'>To the latest posts</a></p>\n</div>\n"},
            .status = status};
}

} // namespace blog
