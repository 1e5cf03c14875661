// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "models.hpp"

namespace blog {

/// A comment at its place in a thread.
struct thread_entry {
    kin::ref<Comment> comment;
    std::size_t depth = 0;  // 0: about the post itself
    std::size_t parent = 0; // otherwise: the place of the comment that it replies to
    std::size_t below = 0;  // how many replies it has, and those have
};

/// The comments of a post in the order in which one reads them: each is followed by the replies to it. Takes the one statement that
/// loads the comments, however deep they lie: every parent is among them, so the session knows it without asking.
[[nodiscard]] std::vector<thread_entry> thread_of(const Post& post);

} // namespace blog
