// SPDX-License-Identifier: MIT
#include <mysql.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "../stopwatch.hpp"
#include "by_hand.hpp"

namespace {

struct closer {
    void operator()(MYSQL* c) const noexcept { mysql_close(c); }
    void operator()(MYSQL_STMT* s) const noexcept { mysql_stmt_close(s); }
};
using server = std::unique_ptr<MYSQL, closer>;
using statement = std::unique_ptr<MYSQL_STMT, closer>;

void execute(MYSQL* c, const char* sql) {
    if (mysql_query(c, sql) != 0) throw std::runtime_error(mysql_error(c));
}

void check(MYSQL_STMT* s, bool failed) {
    if (failed) throw std::runtime_error(mysql_stmt_error(s));
}

statement prepare(MYSQL* c, std::string_view sql) {
    statement s(mysql_stmt_init(c));
    check(s.get(), mysql_stmt_prepare(s.get(), sql.data(), sql.size()) != 0);
    return s;
}

/// Where the columns of a row go: texts of these models have less than 512 bytes.
class row_buffer {
public:
    row_buffer() {
        number(0, id_);
        text(1, title_);
        text(2, content_);
        number(3, user_id_);
    }
    row_buffer(const row_buffer&) = delete;
    row_buffer& operator=(const row_buffer&) = delete;
    [[nodiscard]] MYSQL_BIND* binds() noexcept { return binds_.data(); }
    [[nodiscard]] plain_post post() const {
        return {id_, std::string(title_.data(), lengths_[1]), std::string(content_.data(), lengths_[2]),
                user_id_};
    }

private:
    using buffer = std::array<char, 512>;
    void number(std::size_t column, int& into) {
        binds_[column].buffer_type = MYSQL_TYPE_LONG;
        binds_[column].buffer = &into;
    }
    void text(std::size_t column, buffer& into) {
        binds_[column].buffer_type = MYSQL_TYPE_STRING;
        binds_[column].buffer = into.data();
        binds_[column].buffer_length = into.size();
        binds_[column].length = &lengths_[column];
    }

    std::array<MYSQL_BIND, 4> binds_{};
    std::array<unsigned long, 4> lengths_{};
    int id_ = 0;
    buffer title_{};
    buffer content_{};
    int user_id_ = 0;
};

void fetch_all(MYSQL_STMT* s, row_buffer& row, std::vector<plain_post>& posts) {
    check(s, mysql_stmt_execute(s) != 0);
    check(s, mysql_stmt_bind_result(s, row.binds()) != 0);
    int result = 0;
    while ((result = mysql_stmt_fetch(s)) == 0) posts.push_back(row.post());
    check(s, result != MYSQL_NO_DATA);
    mysql_stmt_free_result(s);
}

[[gnu::noinline]] std::vector<plain_post> kin_bench_measured_load(MYSQL* c) {
    std::vector<plain_post> posts;
    row_buffer row;
    execute(c, "BEGIN");
    const statement s = prepare(c, "SELECT id, title, content, user_id FROM post");
    fetch_all(s.get(), row, posts);
    execute(c, "COMMIT");
    return posts;
}

[[gnu::noinline]] std::vector<plain_post> kin_bench_measured_get(MYSQL* c, const std::vector<int>& ids) {
    std::vector<plain_post> posts;
    posts.reserve(ids.size());
    row_buffer row;
    execute(c, "BEGIN");
    const statement s = prepare(c, "SELECT id, title, content, user_id FROM post WHERE id = ?");
    int key = 0;
    MYSQL_BIND in{};
    in.buffer_type = MYSQL_TYPE_LONG;
    in.buffer = &key;
    check(s.get(), mysql_stmt_bind_param(s.get(), &in) != 0);
    for (const int id : ids) {
        key = id;
        fetch_all(s.get(), row, posts);
    }
    execute(c, "COMMIT");
    return posts;
}

[[gnu::noinline]] std::vector<int> kin_bench_measured_insert(MYSQL* c, const std::vector<draft>& drafts,
                                                             std::size_t rows_at_once) {
    std::vector<int> keys;
    keys.reserve(drafts.size());
    std::string sql = "INSERT INTO post (title, content, user_id) VALUES (?, ?, ?)";
    for (std::size_t i = 1; i < rows_at_once; ++i) sql += ", (?, ?, ?)";
    execute(c, "BEGIN");
    const statement s = prepare(c, sql);
    std::vector<MYSQL_BIND> binds(3 * rows_at_once);
    for (std::size_t first = 0; first < drafts.size(); first += rows_at_once) {
        for (std::size_t i = 0; i < rows_at_once; ++i) {
            const draft& d = drafts[first + i];
            const auto text = [&](MYSQL_BIND& b, const std::string& t) {
                b.buffer_type = MYSQL_TYPE_STRING;
                b.buffer = const_cast<char*>(t.data()); // only read
                b.buffer_length = t.size();
            };
            text(binds[3 * i], d.title);
            text(binds[3 * i + 1], d.content);
            binds[3 * i + 2].buffer_type = MYSQL_TYPE_LONG;
            binds[3 * i + 2].buffer = const_cast<int*>(&d.user_id);
        }
        check(s.get(), mysql_stmt_bind_param(s.get(), binds.data()) != 0);
        check(s.get(), mysql_stmt_execute(s.get()) != 0);
        const int start =
            static_cast<int>(mysql_stmt_insert_id(s.get())); // the rows of one INSERT are numbered one by one
        for (std::size_t i = 0; i < rows_at_once; ++i) keys.push_back(start + static_cast<int>(i));
    }
    execute(c, "COMMIT");
    return keys;
}

[[gnu::noinline]] void kin_bench_measured_release(std::vector<plain_post>& posts) {
    std::vector<plain_post>().swap(posts);
}

} // namespace

result run_libmariadb(std::string_view workload, std::int64_t n, const kin::url& where) {
    const server c(mysql_init(nullptr));
    mysql_options(c.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(c.get(), where.host.c_str(), where.user.c_str(), where.password.c_str(),
                           where.database.c_str(), where.port, nullptr, 0) == nullptr)
        throw std::runtime_error(mysql_error(c.get()));
    result r;
    std::vector<plain_post> posts;
    digest sum;
    if (workload.starts_with("insert")) {
        const std::vector<draft> drafts = make_drafts(n, insert_users);
        std::vector<int> keys;
        {
            const stopwatch watch(r.cpu_ms);
            keys = kin_bench_measured_insert(c.get(), drafts, workload == "insert" ? 1 : rows_per_insert);
        }
        for (const int key : keys) sum.add(key);
        row_buffer row;
        const statement s = prepare(c.get(), "SELECT id, title, content, user_id FROM post ORDER BY id");
        fetch_all(s.get(), row, posts);
        for (const plain_post& p : posts) add_post(sum, p);
        r.checksum = sum.value();
        return r;
    }
    const std::vector<int> ids = workload == "get" ? scattered_ids(n, n * get_spread) : std::vector<int>();
    {
        const stopwatch watch(r.cpu_ms);
        posts = workload == "get" ? kin_bench_measured_get(c.get(), ids) : kin_bench_measured_load(c.get());
    }
    for (const plain_post& p : posts) add_post(sum, p);
    r.checksum = sum.value();
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release(posts);
    return r;
}
