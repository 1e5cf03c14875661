// SPDX-License-Identifier: MIT
// The work as a good program does it by hand on SQLite's C API.
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "data.hpp"
#include "database.hpp"
#include "digest.hpp"
#include "stopwatch.hpp"
#include "workload.hpp"

namespace {

struct post {
    int id;
    std::string title;
    std::string content;
    int user_id;
};

struct user {
    int id;
    std::string name;
    std::vector<post> posts;
};

constexpr const char* pragmas =
    "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
constexpr int rows_per_insert = 50;

post read_post(const statement& rows) { return {rows.number(0), rows.text(1), rows.text(2), rows.number(3)}; }

void add_post(digest& sum, const post& p) {
    sum.add(p.id);
    sum.add(p.title);
    sum.add(p.content);
    sum.add(p.user_id);
}

// ---- load ----

[[gnu::noinline]] std::vector<post> kin_bench_measured_load(const connection& db) {
    std::vector<post> posts;
    db.execute("BEGIN");
    {
        statement rows(db, "SELECT id, title, content, user_id FROM post");
        while (rows.step()) posts.push_back(read_post(rows));
    }
    db.execute("COMMIT");
    return posts;
}

[[gnu::noinline]] void kin_bench_measured_release_posts(std::vector<post>& posts) {
    std::vector<post>().swap(posts);
}

result load(const connection& db) {
    result r;
    std::vector<post> posts;
    {
        const stopwatch watch(r.cpu_ms);
        posts = kin_bench_measured_load(db);
    }
    digest sum;
    for (const post& p : posts) add_post(sum, p);
    r.checksum = sum.value();
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release_posts(posts);
    return r;
}

// ---- loop ----

/// Two queries; posts go into the vectors of their users. `touched` is what the loop reads.
[[gnu::noinline]] std::vector<user> kin_bench_measured_loop(const connection& db, std::int64_t& touched) {
    std::vector<user> users;
    std::unordered_map<int, std::size_t> position;
    db.execute("BEGIN");
    {
        statement rows(db, "SELECT id, name FROM user");
        while (rows.step()) {
            position.emplace(rows.number(0), users.size());
            users.push_back({rows.number(0), rows.text(1), {}});
        }
        statement posts(db, "SELECT id, title, content, user_id FROM post");
        while (posts.step()) users[position.at(posts.number(3))].posts.push_back(read_post(posts));
    }
    db.execute("COMMIT");
    for (const user& u : users) {
        for (const post& p : u.posts) {
            touched += p.id + static_cast<std::int64_t>(p.title.size() + p.content.size());
        }
    }
    return users;
}

[[gnu::noinline]] void kin_bench_measured_release_users(std::vector<user>& users) {
    std::vector<user>().swap(users);
}

result loop(const connection& db) {
    result r;
    std::int64_t touched = 0;
    std::vector<user> users;
    {
        const stopwatch watch(r.cpu_ms);
        users = kin_bench_measured_loop(db, touched);
    }
    digest sum;
    sum.add(touched);
    for (const user& u : users) {
        sum.add(u.id);
        sum.add(u.name);
        for (const post& p : u.posts) add_post(sum, p);
    }
    r.checksum = sum.value();
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release_users(users);
    return r;
}

// ---- get ----

[[gnu::noinline]] std::vector<post> kin_bench_measured_get(const connection& db,
                                                           const std::vector<int>& ids) {
    std::vector<post> posts;
    posts.reserve(ids.size());
    db.execute("BEGIN");
    {
        statement row(db, "SELECT id, title, content, user_id FROM post WHERE id = ?");
        for (const int id : ids) {
            row.bind(1, id);
            if (row.step()) posts.push_back(read_post(row));
            row.reset();
        }
    }
    db.execute("COMMIT");
    return posts;
}

result get(const connection& db, std::int64_t n) {
    result r;
    const std::vector<int> ids = scattered_ids(n, n * get_spread);
    std::vector<post> posts;
    {
        const stopwatch watch(r.cpu_ms);
        posts = kin_bench_measured_get(db, ids);
    }
    digest sum;
    for (const post& p : posts) add_post(sum, p);
    r.checksum = sum.value();
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release_posts(posts);
    return r;
}

// ---- insert ----

[[gnu::noinline]] std::vector<int> kin_bench_measured_insert(const connection& db,
                                                             const std::vector<draft>& drafts) {
    std::vector<int> keys;
    keys.reserve(drafts.size());
    db.execute("BEGIN IMMEDIATE");
    {
        statement insert(db, "INSERT INTO post (title, content, user_id) VALUES (?, ?, ?)");
        for (const draft& d : drafts) {
            insert.bind(1, d.title);
            insert.bind(2, d.content);
            insert.bind(3, d.user_id);
            insert.run();
            keys.push_back(static_cast<int>(sqlite3_last_insert_rowid(db.get())));
        }
    }
    db.execute("COMMIT");
    return keys;
}

/// Many rows in one INSERT; the keys are taken to be consecutive.
[[gnu::noinline]] std::vector<int> kin_bench_measured_insert_multi(const connection& db,
                                                                   const std::vector<draft>& drafts) {
    std::vector<int> keys;
    keys.reserve(drafts.size());
    db.execute("BEGIN IMMEDIATE");
    {
        std::string sql = "INSERT INTO post (title, content, user_id) VALUES (?, ?, ?)";
        for (int row = 1; row < rows_per_insert; ++row) sql += ", (?, ?, ?)";
        statement insert(db, sql);
        for (std::size_t first = 0; first < drafts.size(); first += rows_per_insert) {
            for (int row = 0; row < rows_per_insert; ++row) {
                const draft& d = drafts[first + static_cast<std::size_t>(row)];
                insert.bind(3 * row + 1, d.title);
                insert.bind(3 * row + 2, d.content);
                insert.bind(3 * row + 3, d.user_id);
            }
            insert.run();
            const int last = static_cast<int>(sqlite3_last_insert_rowid(db.get()));
            for (int row = 1; row <= rows_per_insert; ++row) keys.push_back(last - rows_per_insert + row);
        }
    }
    db.execute("COMMIT");
    return keys;
}

result insert(const connection& db, std::int64_t n, bool many_rows) {
    if (many_rows && n % rows_per_insert != 0) throw std::runtime_error("insert-multi takes multiples of 50");
    result r;
    const std::vector<draft> drafts = make_drafts(n, insert_users);
    std::vector<int> keys;
    {
        const stopwatch watch(r.cpu_ms);
        keys =
            many_rows ? kin_bench_measured_insert_multi(db, drafts) : kin_bench_measured_insert(db, drafts);
    }
    digest sum;
    for (const int key : keys) sum.add(key);
    statement rows(db, "SELECT id, title, content, user_id FROM post ORDER BY id");
    while (rows.step()) add_post(sum, read_post(rows));
    r.checksum = sum.value();
    return r;
}

// ---- update ----

[[gnu::noinline]] void kin_bench_measured_update(const connection& db, std::vector<post>& posts,
                                                 const std::vector<std::string>& titles) {
    db.execute("BEGIN IMMEDIATE");
    {
        statement update(db, "UPDATE post SET title = ? WHERE id = ?");
        for (std::size_t i = 0; i < titles.size(); ++i) {
            posts[i].title = titles[i];
            update.bind(1, posts[i].title);
            update.bind(2, posts[i].id);
            update.run();
        }
    }
    db.execute("COMMIT");
}

std::vector<post> all_posts(const connection& db) {
    std::vector<post> posts;
    statement rows(db, "SELECT id, title, content, user_id FROM post ORDER BY id");
    while (rows.step()) posts.push_back(read_post(rows));
    return posts;
}

result update(const connection& db, std::int64_t n) {
    result r;
    const std::vector<std::string> titles = make_titles(n);
    std::vector<post> posts = all_posts(db);
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_update(db, posts, titles);
    }
    digest sum;
    for (const post& p : all_posts(db)) add_post(sum, p);
    r.checksum = sum.value();
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release_posts(posts);
    return r;
}

} // namespace

result run_raw(std::string_view workload, std::int64_t n, const std::string& file) {
    const connection db(file, pragmas);
    if (workload == "load") return load(db);
    if (workload == "loop") return loop(db);
    if (workload == "get") return get(db, n);
    if (workload == "update") return update(db, n);
    if (workload == "insert") return insert(db, n, false);
    if (workload == "insert-multi") return insert(db, n, true);
    throw std::runtime_error("there is no workload " + std::string(workload));
}
