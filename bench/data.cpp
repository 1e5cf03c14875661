// SPDX-License-Identifier: MIT
#include "data.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "database.hpp"
#include "models.hpp"
#include "workload.hpp"

namespace {

constexpr std::size_t source_length = 4096;

class dice {
public:
    /// A number below `limit`.
    std::size_t roll(std::size_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<std::size_t>(state_ % limit);
    }

private:
    std::uint64_t state_ = 0x9E3779B97F4A7C15;
};

/// Words of small letters, of which titles and contents are cut.
std::string make_source(dice& d) {
    std::string text;
    while (text.size() < source_length) {
        for (std::size_t letters = 2 + d.roll(8); letters > 0; --letters) {
            text += static_cast<char>('a' + d.roll(26));
        }
        text += ' ';
    }
    return text;
}

std::string cut(dice& d, const std::string& source, std::size_t shortest, std::size_t longest) {
    const std::size_t length = shortest + d.roll(longest - shortest + 1);
    return source.substr(d.roll(source_length - length), length);
}

void fill(const std::string& file, std::int64_t users, std::int64_t posts) {
    const connection db(file, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN");
    {
        statement insert(db, "INSERT INTO user (name) VALUES (?)");
        for (std::int64_t i = 1; i <= users; ++i) {
            const std::string name = "user number " + std::to_string(i);
            insert.bind(1, name);
            insert.run();
        }
    }
    {
        statement insert(db, "INSERT INTO post (title, content, user_id) VALUES (?, ?, ?)");
        for (const draft& d : make_drafts(posts, users)) {
            insert.bind(1, d.title);
            insert.bind(2, d.content);
            insert.bind(3, d.user_id);
            insert.run();
        }
    }
    db.execute("COMMIT");
}

} // namespace

std::vector<draft> make_drafts(std::int64_t n, std::int64_t users) {
    dice d;
    const std::string source = make_source(d);
    std::vector<draft> drafts;
    drafts.reserve(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
        std::string title = cut(d, source, 24, 34);
        std::string content = cut(d, source, 120, 280);
        drafts.push_back({std::move(title), std::move(content), static_cast<int>(i * users / n) + 1});
    }
    return drafts;
}

std::vector<std::string> make_titles(std::int64_t n) {
    dice d;
    std::vector<std::string> titles;
    titles.reserve(static_cast<std::size_t>(n));
    const std::string source = make_source(d);
    for (std::int64_t i = 0; i < n; ++i) titles.push_back("new " + cut(d, source, 20, 30));
    return titles;
}

std::vector<int> scattered_ids(std::int64_t n, std::int64_t last) {
    std::vector<int> ids(static_cast<std::size_t>(last));
    std::iota(ids.begin(), ids.end(), 1);
    dice d;
    for (std::size_t i = ids.size(); i > 1; --i) std::swap(ids[i - 1], ids[d.roll(i)]);
    ids.resize(static_cast<std::size_t>(n));
    return ids;
}

void make_database(std::string_view workload, std::int64_t n, const std::string& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
    kin::database("sqlite:///" + file).create_all<User, Post>();
    std::int64_t users = insert_users;
    std::int64_t posts = 0;
    if (workload == "load" || workload == "update") {
        posts = n;
        users = std::max<std::int64_t>(1, n / posts_per_user);
    } else if (workload == "loop") {
        users = n;
        posts = n * posts_per_user;
    } else if (workload == "get") {
        posts = n * get_spread;
        users = std::max<std::int64_t>(1, posts / posts_per_user);
    }
    fill(file, users, posts);
}
