// SPDX-License-Identifier: MIT
#include "pages.hpp"
#include "pagination.hpp"
#include "tags.hpp"
#include "text.hpp"

namespace blog {

page show_tags(request_session& db, const httplib::Request&) {
    html list;
    std::int64_t tags = 0;
    for (const auto& [name, posts] : db->select(kin::col<&Tag::name>, kin::count(kin::col<&Post::id>))
                                         .left_join<&Tag::posts>()
                                         .group_by(kin::col<&Tag::id>)
                                         .order_by(kin::col<&Tag::name>)) {
        list += {"<li><a href='",        tag_address(name), "'>", name, "</a> <span>",
                 counted(posts, "post"), "</span></li>\n"};
        ++tags;
    }
    return {.title = "Tags",
            .body = {"<div class='heading'>\n<h1>Tags</h1>\n<p class='subtitle'>", counted(tags, "tag"),
                     ", from A to Z</p>\n</div>\n<ul class='tag-index'>\n", list, "</ul>\n"}};
}

page show_tag(request_session& db, const httplib::Request& request) {
    kin::session& session = *db;
    const kin::ref<Tag> tag =
        session.query<Tag>().where(kin::col<&Tag::name> == request.matches[1].str()).one();
    const auto tagged = session.query<Post>().where(kin::col<&Post::tags>.contains(tag));
    const pagination list(request, tagged.count());
    const auto posts = tagged.order_by(kin::col<&Post::created_at>.desc(), kin::col<&Post::id>.desc())
                           .limit(list.limit())
                           .offset(list.offset())
                           .all();
    return {.title = tag->name,
            .body = {"<div class='heading'>\n<h1>", tag->name, "</h1>\n<p class='subtitle'>",
                     counted(list.total(), "post"), ", page ", list.page(), " of ", list.pages(),
                     "</p>\n<p class='bio'><a href='/tags'>All tags</a> · <a href='/posts/new?tags=",
                     address_part(tag->name), "'>Write a post about it</a></p>\n</div>\n",
                     post_list(session, posts), list.links()}};
}

} // namespace blog
