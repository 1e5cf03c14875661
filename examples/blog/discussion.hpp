// SPDX-License-Identifier: MIT
#pragma once

#include "form.hpp"
#include "models.hpp"

namespace blog {

/// What somebody says about a post, or replies to a comment.
struct comment_form {
    field content{"Your comment", "content"};
    field author{"Your user name", "author"};

    [[nodiscard]] bool is_valid() const { return content.is_valid() && author.is_valid(); }
};

/// The comments of a post as a thread, each with a link to a form for a reply, and the form for a comment on the post with what was
/// `typed`. Takes 1 statement for the comments and 1 for their authors.
[[nodiscard]] html discussion(const Post& post, const comment_form& typed);
/// Who said what, and when.
[[nodiscard]] html statement_of(const Comment& comment, const Post& post);

} // namespace blog
