// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kin/kin.hpp"
#include "unit/engine/database_help.hpp"

namespace {

struct Account {
    kin::primary_key<int> id;
    std::int64_t balance = 0;
    int transfers = 0;
};

constexpr int transfers = 5;

/// Moves 10 from the first account to the second, `transfers` times, and writes a line after each commit that returned.
void transfer(const std::string& url) {
    const kin::database db{url};
    for (int i = 0; i < transfers; ++i) {
        kin::session s = db.session();
        auto from = s.get_one<Account>(1);
        auto to = s.get_one<Account>(2);
        from->balance -= 10;
        to->balance += 10;
        ++from->transfers;
        s.commit();
        if (write(STDOUT_FILENO, "committed\n", 10) != 10) std::abort();
    }
}

// Not a test: what T01 starts under strace.
TEST(T01_child, transfers) {
    const char* url = std::getenv("KIN_T01_URL");
    if (url == nullptr) GTEST_SKIP() << "only run by T01";
    transfer(url);
}

std::int64_t committed_lines(const std::string& file) {
    std::ifstream in(file);
    std::int64_t lines = 0;
    for (std::string line; std::getline(in, line);) lines += line == "committed" ? 1 : 0;
    return lines;
}

TEST(T01, a_process_killed_at_any_write_of_a_commit_loses_nothing_that_was_committed) {
    if (std::system("strace -o /dev/null true 2>/dev/null") != 0) GTEST_SKIP() << "strace cannot trace here";
    const kin::testing::temporary_directory folder;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    int killed = 0;
    for (const std::string call : {"pwrite64", "fdatasync"}) {
        for (int n = 1; n <= 40; n += 2) {
            const std::string name = call + std::to_string(n) + ".db";
            {
                const kin::database db{folder.url(name)};
                db.create_all<Account>();
                kin::session s = db.session();
                s.add(Account{.balance = 100});
                s.add(Account{.balance = 100});
                s.commit();
            }
            const std::string out = folder.file(name + ".out");
            const int status = std::system(
                // The half of the tests that this one runs in is not the child's business.
                ("env -u GTEST_TOTAL_SHARDS -u GTEST_SHARD_INDEX KIN_T01_URL='" + folder.url(name) +
                 "' strace -f -qq -o /dev/null -e trace=" + call + " -e inject=" + call +
                 ":signal=KILL:when=" + std::to_string(n) + " '" + self +
                 "' --gtest_filter=T01_child.transfers > '" + out + "' 2>/dev/null")
                    .c_str());
            const kin::database db{folder.url(name)};
            kin::session s = db.session();
            EXPECT_EQ(std::get<0>(s.sql<std::string>("PRAGMA integrity_check").one()), "ok") << call << n;
            const auto first = s.get_one<Account>(1);
            const auto second = s.get_one<Account>(2);
            const std::int64_t done = std::as_const(first)->transfers;
            const std::int64_t said = committed_lines(out);
            EXPECT_EQ(std::as_const(first)->balance + std::as_const(second)->balance, 200) << call << n;
            EXPECT_EQ(std::as_const(first)->balance, 100 - 10 * done) << call << n;
            EXPECT_GE(done, said) << call << n << ": a commit that returned is lost";
            EXPECT_LE(done, said + 1) << call << n;
            if (status == 0) { // no such write any more: the child came to its end
                EXPECT_EQ(said, transfers) << "the child did not run";
                break;
            }
            ++killed;
        }
    }
    EXPECT_GT(killed, 5) << "the injection did not work";
}

} // namespace
