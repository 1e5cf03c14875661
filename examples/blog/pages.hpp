// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <httplib.h>
#include <vector>

#include "models.hpp"
#include "page.hpp"
#include "request_session.hpp"

// The handlers. Each takes the request's session and the request, and returns a page or throws.

namespace blog {

[[nodiscard]] page home(request_session& db, const httplib::Request& request);
[[nodiscard]] page show_user(request_session& db, const httplib::Request& request);
[[nodiscard]] page show_tags(request_session& db, const httplib::Request& request);
[[nodiscard]] page show_tag(request_session& db, const httplib::Request& request);
[[nodiscard]] page show_post(request_session& db, const httplib::Request& request);
[[nodiscard]] page new_post(request_session& db, const httplib::Request& request);
[[nodiscard]] page create_post(request_session& db, const httplib::Request& request);
[[nodiscard]] page create_comment(request_session& db, const httplib::Request& request);
[[nodiscard]] page new_reply(request_session& db, const httplib::Request& request);
[[nodiscard]] page create_reply(request_session& db, const httplib::Request& request);

/// The number in the path, as in /posts/42. Throws: http_error (404) when it does not fit into 64 bits.
[[nodiscard]] std::int64_t id_in_path(const httplib::Request& request);
[[nodiscard]] std::chrono::sys_seconds current_time();

enum class authors { shown, left_out };
/// Posts as a list, with their tags and the number of comments on each. Takes 1 statement for the numbers, 1 for the authors and 1
/// for the tags.
[[nodiscard]] html post_list(kin::session& session, const std::vector<kin::ref<Post>>& posts,
                             authors = authors::shown);

} // namespace blog
