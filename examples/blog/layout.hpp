// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "models.hpp"
#include "page.hpp"
#include "request_session.hpp"

namespace blog {

/// The whole document: header, the page, and the footer with the request's statements.
[[nodiscard]] std::string document(const page& p, const request_session& db);

/// A user's initials on a coloured disc, beside the name that links to the user's page.
[[nodiscard]] html byline(const User& user);
/// The page for a request that failed.
[[nodiscard]] page error_page(int status, const std::string& message);

} // namespace blog
