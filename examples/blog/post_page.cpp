// SPDX-License-Identifier: MIT
#include "form.hpp"
#include "layout.hpp"
#include "pages.hpp"
#include "text.hpp"

namespace blog {

namespace {

struct comment_form {
    field content{"Your comment", "content"};
    field author{"Your user name", "author"};

    [[nodiscard]] bool is_valid() const { return content.is_valid() && author.is_valid(); }
};

html comment_section(const Post& post, const comment_form& form) {
    html result{"<section class='discussion' aria-labelledby='comments'>\n<h2 id='comments'>",
                counted(static_cast<std::int64_t>(post.comments.size()), "comment"), "</h2>\n"};
    for (const auto& comment : post.comments)
        result += {"<article class='comment' id='comment-",
                   comment->id.get(),
                   "'>\n<p class='meta'>",
                   byline(*comment->user),
                   date(comment->created_at),
                   "</p>\n<div class='prose'>\n",
                   paragraphs(comment->content),
                   "</div>\n</article>\n"};
    result += {"<form class='card' method='post' action='/posts/",
               post.id.get(),
               "/comments' enctype='multipart/form-data' aria-labelledby='add-comment'>\n"
               "<h3 id='add-comment'>Add a comment</h3>\n",
               form.content.text_area(4),
               form.author.input(),
               "<p><button type='submit'>Publish the comment</button></p>\n</form>\n</section>\n"};
    return result;
}

page post_page(const Post& post, const comment_form& form) {
    return {.title = post.title,
            .body = {"<article class='post'>\n<header>\n<h1>", post.title, "</h1>\n<p class='meta'>",
                     byline(*post.user), date(post.created_at), "</p>\n</header>\n<div class='prose'>\n",
                     paragraphs(post.content), "</div>\n</article>\n", comment_section(post, form)},
            .status = form.is_valid() ? 200 : 422};
}

} // namespace

page show_post(request_session& db, const httplib::Request& request) {
    const auto post = db->get_one<Post>(id_in_path(request));
    return post_page(*post, {});
}

page create_comment(request_session& db, const httplib::Request& request) {
    const kin::ref<Post> post = db->get_one<Post>(id_in_path(request));
    comment_form form;
    form.content.read(request);
    form.author.read(request);
    form.content.require("What do you want to say?", 2'000);
    form.author.require("Who are you?", 40);

    kin::ref<User> author;
    if (form.author.is_valid()) {
        author = db->query<User>().where(kin::col<&User::username> == form.author.value()).one_or_none();
        if (!author) form.author.complain("There is no user of this name.");
    }
    if (!form.is_valid()) return post_page(*post, form);

    const auto comment = db->add(
        Comment{.content = form.content.value(), .created_at = current_time(), .post = post, .user = author});
    db->commit();
    return redirect("/posts/" + std::to_string(post->id) + "#comment-" + std::to_string(comment->id));
}

} // namespace blog
