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

/// What somebody typed, and who it was; null when that is not known.
struct contribution {
    comment_form form;
    kin::ref<User> author = {};
};

contribution read_contribution(kin::session& session, const httplib::Request& request, comment_form empty) {
    contribution given{std::move(empty)};
    comment_form& form = given.form;
    form.content.read(request);
    form.author.read(request);
    form.content.require("What do you want to say?", 2'000);
    form.author.require("Who are you?", 40);
    if (form.author.is_valid()) {
        given.author =
            session.query<User>().where(kin::col<&User::username> == form.author.value()).one_or_none();
        if (!given.author) form.author.complain("There is no user of this name.");
    }
    return given;
}

/// Takes in what was said about a post, or to `parent`, a comment on it.
page publish(kin::session& session, const contribution& given, const kin::ref<Post>& post,
             const kin::ref<Comment>& parent) {
    const auto comment = session.add(Comment{.content = given.form.content.value(),
                                             .created_at = current_time(),
                                             .post = post,
                                             .user = given.author,
                                             .parent = parent});
    session.commit();
    return redirect("/posts/" + std::to_string(post->id) + "#comment-" + std::to_string(comment->id));
}

comment_form reply_form() { return {.content = {"Your reply", "content"}}; }

page reply_page(const Comment& comment, const comment_form& form) {
    const Post& post = *comment.post;
    return {.title = "Reply to " + comment.user->name,
            .body = {"<div class='heading'>\n<h1>Reply to ", comment.user->name,
                     "</h1>\n<p class='subtitle'>about <a href='/posts/", post.id.get(), "#comment-",
                     comment.id.get(), "'>", post.title,
                     "</a></p>\n</div>\n"
                     "<article class='comment quoted'>\n",
                     statement_of(comment, post),
                     "</article>\n"
                     "<form class='card' method='post' action='/comments/",
                     comment.id.get(), "/replies' enctype='multipart/form-data'>\n",
                     form.content.text_area(6), form.author.input(),
                     "<p><button type='submit'>Publish the reply</button></p>\n</form>\n"},
            .status = form.is_valid() ? 200 : 422};
}

} // namespace

page show_post(request_session& db, const httplib::Request& request) {
    const auto post = db->get_one<Post>(id_in_path(request));
    return post_page(*post, {});
}

page create_comment(request_session& db, const httplib::Request& request) {
    const auto post = db->get_one<Post>(id_in_path(request));
    const contribution given = read_contribution(*db, request, {});
    return given.form.is_valid() ? publish(*db, given, post, {}) : post_page(*post, given.form);
}

page new_reply(request_session& db, const httplib::Request& request) {
    const kin::ref<const Comment> parent = db->get_one<Comment>(id_in_path(request));
    return reply_page(*parent, reply_form());
}

page create_reply(request_session& db, const httplib::Request& request) {
    const kin::ref<Comment> parent = db->get_one<Comment>(id_in_path(request));
    const contribution given = read_contribution(*db, request, reply_form());
    return given.form.is_valid() ? publish(*db, given, parent->post, parent)
                                 : reply_page(*parent, given.form);
}

} // namespace blog
