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

html comment_form_card(const Post& post, const comment_form& form) {
    return {"<form class='card' method='post' action='/posts/",
            post.id.get(),
            "/comments' enctype='multipart/form-data' aria-labelledby='add-comment'>\n"
            "<h3 id='add-comment'>Add a comment</h3>\n",
            form.content.text_area(4),
            form.author.input(),
            "<p><button type='submit'>Publish the comment</button></p>\n</form>\n"};
}

enum class parent : bool { seen, named };

html statement_of(const Comment& comment, const Post& post, parent shown) {
    html result{"<p class='meta'>", byline(*comment.user)};
    if (comment.user_id == post.user_id) result += {"<span class='badge'>author</span>"};
    result += {date(comment.created_at), "</p>\n"};
    if (shown == parent::named)
        result += {"<p class='answered'>to <a href='#comment-", comment.parent->id.get(), "'>",
                   comment.parent->user->name, "</a></p>\n"};
    result += {"<div class='prose'>\n", paragraphs(comment.content), "</div>\n"};
    return result;
}

html article(const thread_entry& entry, const Post& post) {
    const Comment& comment = *entry.comment;
    return {"<article class='comment' id='comment-",
            comment.id.get(),
            "'>\n",
            statement_of(comment, post, entry.depth > deepest_indent ? parent::named : parent::seen),
            "<p class='reply'><a href='/comments/",
            comment.id.get(),
            "/reply'>Reply</a></p>\n</article>\n"};
}

/// Lists in lists, in which the replies to a comment can be folded away. (HTML does not ask for </li>.)
html thread(const Post& post) {
    const std::vector<thread_entry> entries = thread_of(post);
    if (entries.empty()) return {};
    html result{"<ol class='thread'>\n"};
    std::size_t open = 0; // lists inside the first one
    for (const thread_entry& entry : entries) {
        const std::size_t indent = std::min(entry.depth, deepest_indent);
        for (; open > indent; --open) result += {"</ol>\n</details>\n"};
        result += {"<li>\n", article(entry, post)};
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

html statement_of(const Comment& comment, const Post& post) {
    return statement_of(comment, post, parent::seen);
}

html discussion(const Post& post, const comment_form& typed) {
    return {"<section class='discussion' aria-labelledby='comments'>\n<h2 id='comments'>",
            counted(static_cast<std::int64_t>(post.comments.size()), "comment"),
            "</h2>\n",
            thread(post),
            comment_form_card(post, typed),
            "</section>\n"};
}

} // namespace blog
