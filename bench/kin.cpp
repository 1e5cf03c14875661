// SPDX-License-Identifier: MIT
// The work as a program on kin does it, without a thought of speed.
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "data.hpp"
#include "digest.hpp"
#include "models.hpp"
#include "stopwatch.hpp"
#include "workload.hpp"

namespace {

/// A session, and the posts that the program holds on to.
struct holder {
    kin::session session;
    std::vector<kin::ref<Post>> posts = {};
};

void add_post(digest& sum, const Post& post) {
    sum.add(post.id);
    sum.add(post.title);
    sum.add(post.content);
    sum.add(post.user_id);
}

void add_posts(digest& sum, const std::vector<kin::ref<Post>>& posts) {
    for (const auto& post : posts) add_post(sum, *post);
}

/// The end of a session and of its objects.
[[gnu::noinline]] void kin_bench_measured_release(std::unique_ptr<holder>& held) { held.reset(); }

void release(std::unique_ptr<holder>& held, result& r) {
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release(held);
}

// ---- load ----

[[gnu::noinline]] void kin_bench_measured_load(holder& held) {
    held.posts = held.session.query<Post>().all();
    held.session.commit();
}

result load(const kin::database& db) {
    result r;
    auto held = std::make_unique<holder>(db.session());
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_load(*held);
    }
    digest sum;
    add_posts(sum, held->posts);
    r.checksum = sum.value();
    release(held, r);
    return r;
}

// ---- loop ----

[[gnu::noinline]] void kin_bench_measured_loop(kin::session& session, std::int64_t& touched) {
    for (const auto& user : session.query<User>()) {
        for (const auto& post : user->posts) {
            touched += post->id + static_cast<std::int64_t>(post->title.size() + post->content.size());
        }
    }
    session.commit();
}

result loop(const kin::database& db) {
    result r;
    auto held = std::make_unique<holder>(db.session());
    std::int64_t touched = 0;
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_loop(held->session, touched);
    }
    digest sum;
    sum.add(touched);
    for (const auto& user : held->session.query<User>()) {
        sum.add(user->id);
        sum.add(user->name);
        for (const auto& post : user->posts) add_post(sum, *post);
    }
    r.checksum = sum.value();
    release(held, r);
    return r;
}

// ---- get ----

[[gnu::noinline]] void kin_bench_measured_get(holder& held, const std::vector<int>& ids) {
    held.posts.reserve(ids.size());
    for (const int id : ids) held.posts.push_back(held.session.get<Post>(id));
    held.session.commit();
}

result get(const kin::database& db, std::int64_t n) {
    result r;
    const std::vector<int> ids = scattered_ids(n, n * get_spread);
    auto held = std::make_unique<holder>(db.session());
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_get(*held, ids);
    }
    digest sum;
    add_posts(sum, held->posts);
    r.checksum = sum.value();
    release(held, r);
    return r;
}

// ---- insert ----

[[gnu::noinline]] void kin_bench_measured_insert(holder& held, const std::vector<kin::ref<User>>& users,
                                                 std::vector<draft>& drafts) {
    held.posts.reserve(drafts.size());
    for (draft& d : drafts) {
        auto post = kin::make<Post>({.title = std::move(d.title),
                                     .content = std::move(d.content),
                                     .user = users[static_cast<std::size_t>(d.user_id) - 1]});
        held.posts.push_back(held.session.add(post));
    }
    held.session.commit();
}

result insert(const kin::database& db, std::int64_t n) {
    result r;
    std::vector<draft> drafts = make_drafts(n, insert_users);
    auto held = std::make_unique<holder>(db.session());
    std::vector<kin::ref<User>> users = held->session.query<User>().order_by(kin::col<&User::id>).all();
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_insert(*held, users, drafts);
    }
    digest sum;
    for (const auto& post : std::as_const(held->posts)) sum.add(post->id);
    kin::session reader = db.session(); // what the database has, not what the objects say
    add_posts(sum, reader.query<Post>().order_by(kin::col<&Post::id>).all());
    r.checksum = sum.value();
    users.clear();
    release(held, r);
    return r;
}

// ---- update ----

[[gnu::noinline]] void kin_bench_measured_update(holder& held, const std::vector<std::string>& titles) {
    for (std::size_t i = 0; i < titles.size(); ++i) held.posts[i]->title = titles[i];
    held.session.commit();
}

result update(const kin::database& db, std::int64_t n) {
    result r;
    const std::vector<std::string> titles = make_titles(n);
    auto held = std::make_unique<holder>(db.session());
    held->posts = held->session.query<Post>().order_by(kin::col<&Post::id>).all();
    held->session.commit();
    {
        const stopwatch watch(r.cpu_ms);
        kin_bench_measured_update(*held, titles);
    }
    digest sum;
    kin::session reader = db.session(); // what the database has, not what the objects say
    add_posts(sum, reader.query<Post>().order_by(kin::col<&Post::id>).all());
    r.checksum = sum.value();
    release(held, r);
    return r;
}

} // namespace

result run_kin(std::string_view workload, std::int64_t n, const std::string& place) {
    const kin::database db(place.find("://") == std::string::npos ? "sqlite:///" + place : place);
    if (workload == "load") return load(db);
    if (workload == "loop") return loop(db);
    if (workload == "get") return get(db, n);
    if (workload == "update") return update(db, n);
    if (workload == "insert" || workload == "insert-multi") return insert(db, n);
    throw std::runtime_error("there is no workload " + std::string(workload));
}
