// SPDX-License-Identifier: MIT
#include "discussion.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "layout.hpp"
#include "text.hpp"
#include "thread.hpp"

namespace blog {

namespace {

/// What is deeper in a thread stands below the rest without moving further to the right. The database knows no such bound.
constexpr std::size_t deepest_indent = 5;

html reply_form(const comment_form& form) {
    return {"<details class='reply' name='reply'",
            form.is_valid() ? html{} : html{" open"},
            ">\n<summary>Reply</summary>\n<form method='post' action='/comments/",
            *form.reply_to,
            "/replies' enctype='multipart/form-data'>\n",
            form.content.text_area(3),
            form.author.input(),
            "<p><button type='submit'>Publish the reply</button></p>\n</form>\n</details>\n"};
}

html comment_form_card(const Post& post, const comment_form& form) {
    return {"<form class='card' method='post' action='/posts/",
            post.id.get(),
            "/comments' enctype='multipart/form-data' aria-labelledby='add-comment'>\n"
            "<h3 id='add-comment'>Add a comment</h3>\n",
            form.content.text_area(4),
            form.author.input(),
            "<p><button type='submit'>Publish the comment</button></p>\n</form>\n"};
}

html article(const thread_entry& entry, const Post& post, const comment_form& typed) {
    const Comment& comment = *entry.comment;
    html result{"<article class='comment' id='comment-", comment.id.get(), "'>\n<p class='meta'>",
                byline(*comment.user)};
    if (comment.user_id == post.user_id) result += {"<span class='badge'>author</span>"};
    result += {date(comment.created_at), "</p>\n"};
    if (entry.depth > deepest_indent)
        result += {"<p class='answered'>to <a href='#comment-", comment.parent->id.get(), "'>",
                   comment.parent->user->name, "</a></p>\n"};
    result += {"<div class='prose'>\n", paragraphs(comment.content), "</div>\n",
               reply_form(typed.reply_to == comment.id.get() ? typed : comment_form::for_reply_to(comment)),
               "</article>\n"};
    return result;
}

/// Lists in lists, in which the replies to a comment can be folded away. (HTML does not ask for </li>.)
html thread(const Post& post, const comment_form& typed) {
    const std::vector<thread_entry> entries = thread_of(post);
    if (entries.empty()) return {};
    html result{"<ol class='thread'>\n"};
    std::size_t open = 0; // lists inside the first one
    for (const thread_entry& entry : entries) {
        const std::size_t indent = std::min(entry.depth, deepest_indent);
        for (; open > indent; --open) result += {"</ol>\n</details>\n"};
        result += {"<li>\n", article(entry, post, typed)};
        if (entry.below == 0 || indent == deepest_indent) continue;
        result += {"<details class='replies' open>\n<summary>",
                   counted(static_cast<std::int64_t>(entry.below), "reply", "replies"),
                   "</summary>\n<ol class='thread'>\n"};
        ++open;
    }
    for (; open > 0; --open) result += {"</ol>\n</details>\n"};
    result += {"</ol>\n"};
    return result;
}

} // namespace

comment_form comment_form::for_reply_to(const Comment& comment) {
    const std::string suffix = "-" + std::to_string(comment.id);
    return {.content = {"Your reply to " + comment.user->name, "content", {.id = "content" + suffix}},
            .author = {"Your user name", "author", {.id = "author" + suffix}},
            .reply_to = comment.id.get()};
}

html discussion(const Post& post, const comment_form& typed) {
    return {"<section class='discussion' aria-labelledby='comments'>\n<h2 id='comments'>",
            counted(static_cast<std::int64_t>(post.comments.size()), "comment"),
            "</h2>\n",
            thread(post, typed),
            comment_form_card(post, typed.reply_to ? comment_form{} : typed),
            "</section>\n"};
}

} // namespace blog
