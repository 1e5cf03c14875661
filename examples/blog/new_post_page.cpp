// SPDX-License-Identifier: MIT
#include "form.hpp"
#include "pages.hpp"
#include "tags.hpp"
#include "text.hpp"

namespace blog {

namespace {

struct post_form {
    field title{"Title", "title"};
    field content{"Text", "content"};
    field tags{"Tags", "tags", {.required = false}};
    field author{"Your user name", "author"};

    [[nodiscard]] bool is_valid() const {
        return title.is_valid() && content.is_valid() && tags.is_valid() && author.is_valid();
    }
};

page form_page(const post_form& form) {
    html body{"<div class='heading'>\n<h1>Write a post</h1>\n</div>\n"};
    if (!form.is_valid())
        body += {"<p class='notice' role='alert'>Nothing was published yet: please look at the marked "
                 "fields.</p>\n"};
    body += {"<form class='card' method='post' action='/posts' enctype='multipart/form-data'>\n",
             form.title.input("At most 100 characters."),
             form.content.text_area(12),
             form.tags.input("What it is about, with commas between: bread, by hand"),
             form.author.input("As it stands on your page, after the @."),
             "<p><button type='submit'>Publish</button></p>\n</form>\n"};
    return {.title = "Write a post", .body = body, .status = form.is_valid() ? 200 : 422};
}

} // namespace

page new_post(request_session& db, const httplib::Request& request) {
    post_form form;
    form.tags.read(request);
    if (const auto id = parse_number<std::int64_t>(request.get_param_value("user")))
        if (const kin::ref<User> user = db->get<User>(*id)) form.author.set(user->username);
    return form_page(form);
}

page create_post(request_session& db, const httplib::Request& request) {
    post_form form;
    form.title.read(request);
    form.content.read(request);
    form.tags.read(request);
    form.author.read(request);
    form.title.require("A post needs a title.", 100);
    form.content.require("A post needs a text.", 50'000);
    form.author.require("Who are you?", 40);
    form.tags.limit(400);

    std::vector<std::string> tags;
    if (form.tags.is_valid()) {
        tags = tag_names(form.tags.value());
        if (const auto fault = fault_of_tags(tags)) form.tags.complain(*fault);
    }

    kin::ref<User> author;
    if (form.author.is_valid()) {
        author = db->query<User>().where(kin::col<&User::username> == form.author.value()).one_or_none();
        if (!author) form.author.complain("There is no user of this name.");
    }
    if (!form.is_valid()) return form_page(form);

    const auto post = db->add(Post{.title = form.title.value(),
                                   .content = form.content.value(),
                                   .created_at = current_time(),
                                   .user = author,
                                   .tags = tags_named(*db, tags)});
    db->commit();
    return redirect("/posts/" + std::to_string(post->id));
}

} // namespace blog
