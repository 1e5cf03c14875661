// SPDX-License-Identifier: MIT
// kin beside hand-written libpq and libmariadb, for scripts/bench_ratios.py.
//   kin_bench_servers fill WORKLOAD N URL          makes the tables anew and fills them
//   kin_bench_servers <kin|raw> WORKLOAD N URL     one side once; prints the checksum and the CPU time in ms
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "../models.hpp"
#include "by_hand.hpp"

namespace {

void fill(std::string_view workload, std::int64_t n, const std::string& url) {
    const kin::database db(url);
    db.drop_all<User, Post>();
    db.create_all<User, Post>();
    const std::int64_t posts = workload == "load" ? n : workload == "get" ? n * get_spread : 0;
    const std::int64_t users = posts == 0 ? insert_users : std::max<std::int64_t>(1, posts / posts_per_user);
    kin::session session = db.session();
    for (std::int64_t i = 1; i <= users; ++i) session.add(User{.name = "user number " + std::to_string(i)});
    session.flush();
    for (const draft& d : make_drafts(posts, users))
        session.add(Post{.title = d.title, .content = d.content, .user_id = d.user_id});
    session.commit();
}

result run_raw_on(std::string_view workload, std::int64_t n, const kin::url& where) {
    if (where.dialect == "postgresql") return run_libpq(workload, n, where);
    if (where.dialect == "mariadb") return run_libmariadb(workload, n, where);
    throw std::runtime_error("nothing is written by hand for " + where.dialect);
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 5)
            throw std::runtime_error(
                "usage: kin_bench_servers <fill|kin|raw> <load|get|insert|insert-multi> N URL");
        const std::string_view what = argv[1];
        const std::int64_t n = std::atoll(argv[3]);
        if (n < 1 || n % static_cast<std::int64_t>(rows_per_insert) != 0)
            throw std::runtime_error("N is a multiple of 1000");
        if (what == "fill") {
            fill(argv[2], n, argv[4]);
            return 0;
        }
        const result r =
            what == "kin" ? run_kin(argv[2], n, argv[4]) : run_raw_on(argv[2], n, kin::url::parse(argv[4]));
        std::printf("%016" PRIx64 "\n", r.checksum);
        std::fprintf(stderr, "%.1f ms\n", r.cpu_ms);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "kin_bench_servers: %s\n", e.what());
        return 1;
    }
}
