// SPDX-License-Identifier: MIT
#include "import.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models.hpp"
#include "progress.hpp"

namespace blog {

namespace {

using nlohmann::json;

// The file has no dates, so the posts are given one each day and a half.
constexpr std::chrono::sys_seconds first_day = std::chrono::sys_days{std::chrono::year{2024} / 1 / 8};

std::string text(const json& object, const char* key) { return object.at(key).get<std::string>(); }

using tags_by_name = std::map<std::string, kin::ref<Tag>>;

std::vector<kin::ref<Tag>> tags_of(const json& post, tags_by_name& known) {
    std::vector<kin::ref<Tag>> tags;
    for (const json& t : post.at("tags")) {
        const std::string name = t.get<std::string>();
        kin::ref<Tag>& tag = known[name];
        if (!tag) tag = kin::make<Tag>({.name = name});
        tags.push_back(tag);
    }
    return tags;
}

void add_everything(kin::session& session, const json& data) {
    progress_bar progress("importing posts",
                          data.at("users").size() + data.at("posts").size() + data.at("comments").size());
    std::unordered_map<int, kin::ref<User>> users;
    for (const json& u : data.at("users")) {
        const int id = u.at("id");
        users[id] = session.add(
            User{.id = id,
                 .username = text(u, "username"),
                 .name = text(u, "firstName") + " " + text(u, "lastName"),
                 .bio = text(u, "department") + " at " + text(u, "company") + ", " + text(u, "city"),
                 .joined_at = first_day - std::chrono::hours(24 + id)});
        progress.step();
    }
    std::unordered_map<int, kin::ref<Post>> posts;
    tags_by_name tags;
    for (const json& p : data.at("posts")) {
        const int id = p.at("id");
        posts[id] = session.add(Post{.id = id,
                                     .title = text(p, "title"),
                                     .content = text(p, "body"),
                                     .created_at = first_day + std::chrono::hours(36 * id),
                                     .user = users.at(p.at("userId")),
                                     .tags = tags_of(p, tags)});
        progress.step();
    }
    for (const json& c : data.at("comments")) {
        const int id = c.at("id");
        const int post_id = c.at("postId");
        session.add(Comment{.id = id,
                            .content = text(c, "body"),
                            .created_at = first_day + std::chrono::hours(36 * post_id + 1 + id % 72),
                            .post = posts.at(post_id),
                            .user = users.at(c.at("userId"))});
        progress.step();
    }
    session.flush();
    progress.finish();
}

/// The database is asked in its own words, so that kin does not check kin.
void check(kin::session& session, const json& data) {
    std::set<std::string> names;
    std::size_t tagged = 0;
    for (const json& p : data.at("posts")) {
        for (const json& name : p.at("tags")) names.insert(name.get<std::string>());
        tagged += p.at("tags").size();
    }
    const auto expect = [&](std::string_view what, std::size_t expected, std::string_view sql) {
        const auto [stored] = session.sql<std::int64_t>(sql).one();
        if (static_cast<std::size_t>(stored) != expected)
            throw std::runtime_error("the import lost something: " + std::to_string(stored) + " of " +
                                     std::to_string(expected) + " " + std::string(what) + " were stored");
    };
    expect("users", data.at("users").size(), R"(SELECT count(*) FROM "user")");
    expect("posts", data.at("posts").size(),
           R"(SELECT count(*) FROM post JOIN "user" ON "user".id = user_id)");
    expect("comments", data.at("comments").size(),
           R"(SELECT count(*) FROM comment JOIN post ON post.id = post_id
                                           JOIN "user" ON "user".id = comment.user_id)");
    expect("tags", names.size(), "SELECT count(*) FROM tag");
    expect("tags of posts", tagged,
           "SELECT count(*) FROM post_tag JOIN post ON post.id = post_id JOIN tag ON tag.id = tag_id");
}

} // namespace

void import(const kin::database& database, const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    const json data = json::parse(stream);
    database.transaction([&](kin::session& session) {
        add_everything(session, data);
        check(session, data);
    });
}

} // namespace blog
