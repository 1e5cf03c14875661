// SPDX-License-Identifier: MIT
#include "pages.hpp"
#include "pagination.hpp"
#include "text.hpp"

namespace blog {

page home(request_session& db, const httplib::Request& request) {
    kin::session& session = *db;
    const pagination list(request, session.query<Post>().count());
    const auto posts = session.query<Post>()
                           .order_by(kin::col<&Post::created_at>.desc(), kin::col<&Post::id>.desc())
                           .limit(list.limit())
                           .offset(list.offset())
                           .all();
    return {.title = list.page() == 1 ? "Latest posts" : "Posts, page " + std::to_string(list.page()),
            .body = {"<div class='heading'>\n<h1>Latest posts</h1>\n<p class='subtitle'>",
                     counted(list.total(), "post"), ", page ", list.page(), " of ", list.pages(),
                     "</p>\n</div>\n", post_list(session, posts), list.links()}};
}

} // namespace blog
