// SPDX-License-Identifier: MIT
#include <unordered_map>

#include "layout.hpp"
#include "pages.hpp"
#include "tags.hpp"
#include "text.hpp"

namespace blog {

namespace {

std::unordered_map<int, std::int64_t> comment_counts(kin::session& session,
                                                     const std::vector<kin::ref<Post>>& posts) {
    std::vector<int> ids;
    for (const auto& post : posts) ids.push_back(post->id);
    std::unordered_map<int, std::int64_t> counts;
    for (const auto& [post_id, count] : session.select(kin::col<&Comment::post_id>, kin::count())
                                            .where(kin::col<&Comment::post_id>.in(ids))
                                            .group_by(kin::col<&Comment::post_id>))
        counts[post_id] = count;
    return counts;
}

} // namespace

html post_list(kin::session& session, const std::vector<kin::ref<Post>>& posts, authors wanted) {
    auto counts = comment_counts(session, posts);
    html result;
    for (const auto& post : posts) {
        result += {"<article class='entry'>\n<p class='entry-date'>",
                   date(post->created_at),
                   "</p>\n<div>\n<h2><a href='/posts/",
                   post->id.get(),
                   "'>",
                   post->title,
                   "</a></h2>\n<p class='excerpt'>",
                   excerpt(post->content, 165),
                   "</p>\n<p class='meta'>"};
        // The first post->user loads the users of all posts of the query, in one statement; post->tags, their tags.
        if (wanted == authors::shown) result += {byline(*post->user)};
        result += {"<span class='comments'>", counted(counts[post->id], "comment"), "</span></p>\n",
                   tag_chips(post->tags), "</div>\n</article>\n"};
    }
    return result;
}

} // namespace blog
