// SPDX-License-Identifier: MIT
#include "import.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "models.hpp"
#include "progress.hpp"

namespace blog {

namespace {

using nlohmann::json;

// The file has no dates, so the posts are given one each day and a half.
constexpr std::chrono::sys_seconds first_day = std::chrono::sys_days{std::chrono::year{2024} / 1 / 8};

std::string text(const json& object, const char* key) { return object.at(key).get<std::string>(); }

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
    for (const json& p : data.at("posts")) {
        const int id = p.at("id");
        posts[id] = session.add(Post{.id = id,
                                     .title = text(p, "title"),
                                     .content = text(p, "body"),
                                     .created_at = first_day + std::chrono::hours(36 * id),
                                     .user = users.at(p.at("userId"))});
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
    const auto [users, posts, comments] = session
                                              .sql<std::int64_t, std::int64_t, std::int64_t>(
                                                  R"(SELECT (SELECT count(*) FROM "user"),
                          (SELECT count(*) FROM post JOIN "user" ON "user".id = post.user_id),
                          (SELECT count(*) FROM comment JOIN post ON post.id = comment.post_id
                                                        JOIN "user" ON "user".id = comment.user_id))")
                                              .one();
    const auto is = [&](std::int64_t stored, const char* key) {
        return static_cast<std::size_t>(stored) == data.at(key).size();
    };
    if (!is(users, "users") || !is(posts, "posts") || !is(comments, "comments"))
        throw std::runtime_error("the import lost something: stored were " + std::to_string(users) +
                                 " users, " + std::to_string(posts) + " posts and " +
                                 std::to_string(comments) + " comments");
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
