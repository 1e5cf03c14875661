// SPDX-License-Identifier: MIT
#include "layout.hpp"
#include "pages.hpp"
#include "pagination.hpp"
#include "text.hpp"

namespace blog {

page show_user(request_session& db, const httplib::Request& request) {
    kin::session& session = *db;
    const kin::ref<User> user = session.get_one<User>(id_in_path(request));
    const auto his_posts = session.query<Post>().where(kin::col<&Post::user> == user);
    const pagination list(request, his_posts.count());
    const auto posts = his_posts.order_by(kin::col<&Post::created_at>.desc(), kin::col<&Post::id>.desc())
                           .limit(list.limit())
                           .offset(list.offset())
                           .all();
    const auto comments = session.query<Comment>().where(kin::col<&Comment::user> == user).count();

    html body{"<div class='heading profile'>\n<span class='avatar large tone-",
              user->id % 8,
              "' aria-hidden='true'>",
              initials(user->name),
              "</span>\n<div>\n<h1>",
              user->name,
              "</h1>\n<p class='subtitle'>@",
              user->username,
              ", here since ",
              date(user->joined_at),
              "; ",
              counted(list.total(), "post"),
              ", ",
              counted(comments, "comment"),
              "</p>\n"};
    if (user->bio) body += {"<p class='bio'>", *user->bio, "</p>\n"};
    body += {"<p class='bio'><a href='/posts/new?user=",
             user->id.get(),
             "'>Write a post as ",
             user->name,
             "</a></p>\n</div>\n</div>\n",
             post_list(session, posts, authors::left_out),
             list.links()};
    return {.title = user->name, .body = body};
}

} // namespace blog
