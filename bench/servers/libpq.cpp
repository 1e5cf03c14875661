// SPDX-License-Identifier: MIT
#include <libpq-fe.h>

#include <bit>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "../stopwatch.hpp"
#include "by_hand.hpp"

namespace {

struct closer {
    void operator()(PGconn* c) const noexcept { PQfinish(c); }
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using server = std::unique_ptr<PGconn, closer>;
using rows = std::unique_ptr<PGresult, closer>;

rows checked(PGconn* c, PGresult* r) {
    rows result(r);
    const ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(c));
    return result;
}

void execute(PGconn* c, const char* sql) { checked(c, PQexec(c, sql)); }

int network_order(int number) noexcept {
    return static_cast<int>(__builtin_bswap32(static_cast<std::uint32_t>(number)));
}

int number_at(const PGresult* r, int row, int column) {
    int number = 0;
    std::memcpy(&number, PQgetvalue(r, row, column), sizeof number);
    return network_order(number);
}

std::string text_at(const PGresult* r, int row, int column) {
    return {PQgetvalue(r, row, column), static_cast<std::size_t>(PQgetlength(r, row, column))};
}

plain_post post_at(const PGresult* r, int row) {
    return {number_at(r, row, 0), text_at(r, row, 1), text_at(r, row, 2), number_at(r, row, 3)};
}

[[gnu::noinline]] std::vector<plain_post> kin_bench_measured_load(PGconn* c) {
    std::vector<plain_post> posts;
    execute(c, "BEGIN");
    checked(c, PQprepare(c, "load", "SELECT id, title, content, user_id FROM post", 0, nullptr));
    const rows r = checked(c, PQexecPrepared(c, "load", 0, nullptr, nullptr, nullptr, 1));
    const int n = PQntuples(r.get());
    posts.reserve(static_cast<std::size_t>(n));
    for (int row = 0; row < n; ++row) posts.push_back(post_at(r.get(), row));
    execute(c, "COMMIT");
    return posts;
}

[[gnu::noinline]] std::vector<plain_post> kin_bench_measured_get(PGconn* c, const std::vector<int>& ids) {
    std::vector<plain_post> posts;
    posts.reserve(ids.size());
    execute(c, "BEGIN");
    checked(c, PQprepare(c, "get", "SELECT id, title, content, user_id FROM post WHERE id = $1", 0, nullptr));
    for (const int id : ids) {
        const int key = network_order(id);
        const char* values[] = {reinterpret_cast<const char*>(&key)};
        const int lengths[] = {sizeof key};
        const int formats[] = {1};
        const rows r = checked(c, PQexecPrepared(c, "get", 1, values, lengths, formats, 1));
        if (PQntuples(r.get()) == 1) posts.push_back(post_at(r.get(), 0));
    }
    execute(c, "COMMIT");
    return posts;
}

[[gnu::noinline]] std::vector<int> kin_bench_measured_insert(PGconn* c, const std::vector<draft>& drafts,
                                                             std::size_t rows_at_once) {
    std::vector<int> keys;
    keys.reserve(drafts.size());
    std::string sql = "INSERT INTO post (title, content, user_id) VALUES ";
    for (std::size_t i = 0; i < rows_at_once; ++i) {
        sql += i == 0 ? "($" : ", ($";
        sql += std::to_string(3 * i + 1) + ", $" + std::to_string(3 * i + 2) + ", $" +
               std::to_string(3 * i + 3) + ")";
    }
    sql += " RETURNING id";
    std::vector<const char*> values(3 * rows_at_once);
    std::vector<int> lengths(3 * rows_at_once);
    const std::vector<int> formats(3 * rows_at_once, 1);
    std::vector<int> users(rows_at_once);
    execute(c, "BEGIN");
    checked(c, PQprepare(c, "insert", sql.c_str(), 0, nullptr));
    for (std::size_t first = 0; first < drafts.size(); first += rows_at_once) {
        for (std::size_t i = 0; i < rows_at_once; ++i) {
            const draft& d = drafts[first + i];
            users[i] = network_order(d.user_id);
            values[3 * i] = d.title.c_str();
            lengths[3 * i] = static_cast<int>(d.title.size());
            values[3 * i + 1] = d.content.c_str();
            lengths[3 * i + 1] = static_cast<int>(d.content.size());
            values[3 * i + 2] = reinterpret_cast<const char*>(&users[i]);
            lengths[3 * i + 2] = sizeof(int);
        }
        const rows r = checked(c, PQexecPrepared(c, "insert", static_cast<int>(values.size()), values.data(),
                                                 lengths.data(), formats.data(), 1));
        for (int row = 0; row < PQntuples(r.get()); ++row) keys.push_back(number_at(r.get(), row, 0));
    }
    execute(c, "COMMIT");
    return keys;
}

[[gnu::noinline]] void kin_bench_measured_release(std::vector<plain_post>& posts) {
    std::vector<plain_post>().swap(posts);
}

std::uint64_t checksum_of(const std::vector<plain_post>& posts) {
    digest sum;
    for (const plain_post& p : posts) add_post(sum, p);
    return sum.value();
}

} // namespace

result run_libpq(std::string_view workload, std::int64_t n, const kin::url& where) {
    const server c(PQsetdbLogin(where.host.c_str(), std::to_string(where.port).c_str(), nullptr, nullptr,
                                where.database.c_str(), where.user.c_str(), where.password.c_str()));
    if (PQstatus(c.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(c.get()));
    result r;
    if (workload.starts_with("insert")) {
        const std::vector<draft> drafts = make_drafts(n, insert_users);
        std::vector<int> keys;
        {
            const stopwatch watch(r.cpu_ms);
            keys = kin_bench_measured_insert(c.get(), drafts, workload == "insert" ? 1 : rows_per_insert);
        }
        digest sum;
        for (const int key : keys) sum.add(key);
        const rows all =
            checked(c.get(), PQexecParams(c.get(), "SELECT id, title, content, user_id FROM post ORDER BY id",
                                          0, nullptr, nullptr, nullptr, nullptr, 1));
        for (int row = 0; row < PQntuples(all.get()); ++row) add_post(sum, post_at(all.get(), row));
        r.checksum = sum.value();
        return r;
    }
    const std::vector<int> ids = workload == "get" ? scattered_ids(n, n * get_spread) : std::vector<int>();
    std::vector<plain_post> posts;
    {
        const stopwatch watch(r.cpu_ms);
        posts = workload == "get" ? kin_bench_measured_get(c.get(), ids) : kin_bench_measured_load(c.get());
    }
    r.checksum = checksum_of(posts);
    const stopwatch watch(r.cpu_ms);
    kin_bench_measured_release(posts);
    return r;
}
