// SPDX-License-Identifier: MIT
#include "seed.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models.hpp"
#include "progress.hpp"
#include "seed_text.hpp"

namespace blog {

namespace {

constexpr std::size_t user_count = 200;
constexpr std::size_t post_count = 2'000;
constexpr std::size_t comment_count = 8'000;
constexpr std::size_t batch = 500; // objects between two flushes

constexpr std::chrono::sys_seconds first_day = std::chrono::sys_days{std::chrono::year{2021} / 3 / 1};
constexpr std::chrono::days period{1'700};

std::string username_of(const std::string& name) {
    std::string result = name;
    for (char& c : result) c = c == ' ' ? '.' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

class seeder {
public:
    explicit seeder(kin::session& session) : session_(session) {}

    void run() {
        add_users();
        add_posts();
        add_comments();
        progress_.finish();
    }

private:
    struct told {
        kin::ref<Post> post;
        const words::topic* about;
        std::vector<kin::ref<Comment>> comments = {};
    };

    std::chrono::seconds up_to(std::chrono::seconds most) {
        return std::chrono::seconds(tell_.below(static_cast<std::size_t>(most.count())));
    }

    void add_users() {
        std::set<std::string> taken;
        while (users_.size() < user_count) {
            const std::string name = tell_.name();
            if (!taken.insert(name).second) continue;
            users_.push_back(session_.add(User{.username = username_of(name),
                                               .name = name,
                                               .bio = tell_.bio(tell_.topic()),
                                               .joined_at = first_day - up_to(std::chrono::days(300))}));
            step();
        }
    }

    void add_posts() {
        std::vector<std::chrono::sys_seconds> moments(post_count);
        for (auto& moment : moments) moment = first_day + up_to(period);
        std::sort(moments.begin(), moments.end());
        std::set<std::string> taken;
        while (posts_.size() < post_count) {
            const words::topic& about = tell_.topic();
            const std::string title = tell_.title(about);
            if (!taken.insert(title).second) continue;
            const auto post = session_.add(Post{.title = title,
                                                .content = tell_.post(about),
                                                .created_at = moments[posts_.size()],
                                                .user = users_[tell_.rather_small_below(user_count)],
                                                .tags = tags_for(about)});
            posts_.push_back({post, &about});
            step();
        }
    }

    std::vector<kin::ref<Tag>> tags_for(const words::topic& about) {
        std::vector<kin::ref<Tag>> result;
        for (const std::string_view name : tell_.tags(about)) {
            kin::ref<Tag>& tag = tags_[name];
            if (!tag) tag = session_.add(Tag{.name = name});
            result.push_back(tag);
        }
        return result;
    }

    void add_comments() {
        for (std::size_t i = 0; i < comment_count; ++i) {
            // New posts are talked about more than old ones.
            told& chosen = posts_[post_count - 1 - tell_.rather_small_below(post_count)];
            const std::size_t before = chosen.comments.size();
            if (before > 0 && tell_.below(5) < 3)
                add_reply(chosen, chosen.comments[before - 1 - tell_.rather_small_below(before)]);
            else
                add_comment(chosen);
            step();
        }
    }

    void add_comment(told& about) {
        const kin::ref<const Post> post = about.post;
        about.comments.push_back(
            session_.add(Comment{.content = tell_.comment(*about.about),
                                 .created_at = post->created_at + up_to(std::chrono::days(9)),
                                 .post = about.post,
                                 .user = users_[tell_.below(user_count)]}));
    }

    /// One of three replies is by the author of the post.
    void add_reply(told& about, const kin::ref<Comment>& to) {
        const kin::ref<const Post> post = about.post;
        about.comments.push_back(session_.add(
            Comment{.content = tell_.reply(*about.about),
                    .created_at = to->created_at + up_to(std::chrono::hours(40)),
                    .post = about.post,
                    .user = tell_.below(3) == 0 ? post->user.get() : users_[tell_.below(user_count)],
                    .parent = to}));
    }

    void step() {
        if (progress_.step() % batch == 0) session_.flush();
    }

    kin::session& session_;
    storyteller tell_{20'260'301};
    progress_bar progress_{"inventing posts", user_count + post_count + comment_count};
    std::vector<kin::ref<User>> users_;
    std::map<std::string_view, kin::ref<Tag>> tags_; // by name; the names stand in words
    std::vector<told> posts_;
};

} // namespace

void seed(const kin::database& database) {
    database.transaction([](kin::session& session) { seeder(session).run(); });
}

} // namespace blog
