// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "form.hpp"
#include "models.hpp"

namespace blog {

/// What somebody says about a post, or replies to a comment.
struct comment_form {
    field content{"Your comment", "content"};
    field author{"Your user name", "author"};
    std::optional<int> reply_to = {}; // a comment

    [[nodiscard]] static comment_form for_reply_to(const Comment& comment);
    [[nodiscard]] bool is_valid() const { return content.is_valid() && author.is_valid(); }
};

/// The comments of a post as a thread, each with a form for a reply, and the form for a comment on the post. `typed` stands in its
/// place among them. Takes 1 statement for the comments and 1 for their authors.
[[nodiscard]] html discussion(const Post& post, const comment_form& typed);

} // namespace blog
