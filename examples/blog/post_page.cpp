// SPDX-License-Identifier: MIT
#include "discussion.hpp"
#include "layout.hpp"
#include "pages.hpp"
#include "tags.hpp"
#include "text.hpp"

namespace blog {

namespace {

page post_page(const Post& post, const comment_form& form) {
    return {.title = post.title,
            .body = {"<article class='post'>\n<header>\n<h1>", post.title, "</h1>\n<p class='meta'>",
                     byline(*post.user), date(post.created_at), "</p>\n", tag_chips(post.tags),
                     "</header>\n<div class='prose'>\n", paragraphs(post.content), "</div>\n</article>\n",
                     discussion(post, form)},
            .status = form.is_valid() ? 200 : 422};
}

/// Takes in what was said about a post, or to `parent`, a comment on it.
page publish(kin::session& session, const httplib::Request& request, const kin::ref<Post>& post,
             const kin::ref<Comment>& parent) {
    comment_form form = parent ? comment_form::for_reply_to(*parent) : comment_form{};
    form.content.read(request);
    form.author.read(request);
    form.content.require("What do you want to say?", 2'000);
    form.author.require("Who are you?", 40);

    kin::ref<User> author;
    if (form.author.is_valid()) {
        author = session.query<User>().where(kin::col<&User::username> == form.author.value()).one_or_none();
        if (!author) form.author.complain("There is no user of this name.");
    }
    if (!form.is_valid()) return post_page(*post, form);

    const auto comment = session.add(Comment{.content = form.content.value(),
                                             .created_at = current_time(),
                                             .post = post,
                                             .user = author,
                                             .parent = parent});
    session.commit();
    return redirect("/posts/" + std::to_string(post->id) + "#comment-" + std::to_string(comment->id));
}

} // namespace

page show_post(request_session& db, const httplib::Request& request) {
    const auto post = db->get_one<Post>(id_in_path(request));
    return post_page(*post, {});
}

page create_comment(request_session& db, const httplib::Request& request) {
    return publish(*db, request, db->get_one<Post>(id_in_path(request)), {});
}

page create_reply(request_session& db, const httplib::Request& request) {
    const kin::ref<Comment> parent = db->get_one<Comment>(id_in_path(request));
    return publish(*db, request, parent->post, parent);
}

} // namespace blog
