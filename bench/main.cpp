// SPDX-License-Identifier: MIT
// kin beside hand-written SQLite.
//   kin_bench                          all workloads by the clock
//   kin_bench WORKLOAD...              some of them
//   kin_bench <kin|raw> WORKLOAD [N]   one side once; prints the checksum
#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "data.hpp"
#include "workload.hpp"

namespace {

struct workload {
    std::string_view name;
    std::int64_t n; // by default
    bool writes;
    const char* what;
};
constexpr workload workloads[] = {
    {"load", 100'000, false, "posts loaded"},
    {"loop", 1'000, false, "users, and their posts in the naive loop"},
    {"get", 10'000, false, "posts fetched by key"},
    {"update", 100'000, true, "posts changed and committed"},
    {"insert", 100'000, true, "posts made and committed; by hand one row per INSERT"},
    {"insert-multi", 100'000, true, "the same; by hand 50 rows per INSERT"},
};
constexpr int repetitions = 7;

using side = result (*)(std::string_view, std::int64_t, const std::string&);

/// A folder that goes with it.
class scratch_folder {
public:
    scratch_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kin-bench-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::system_error(errno, std::generic_category(), "no folder " + pattern);
        }
        path_ = pattern;
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file() const { return (path_ / "bench.db").string(); }

private:
    std::filesystem::path path_;
};

const workload& find_workload(std::string_view name) {
    for (const workload& w : workloads) {
        if (w.name == name) return w;
    }
    throw std::runtime_error("there is no workload " + std::string(name) +
                             "; there are load, loop, get, update, insert and insert-multi");
}

void run_one_side(side run, const workload& w, std::int64_t n) {
    const scratch_folder folder;
    make_database(w.name, n, folder.file());
    std::printf("%016" PRIx64 "\n", run(w.name, n, folder.file()).checksum);
}

/// Runs it in a process of its own, so that every run begins with the same memory.
result run_apart(side run, const workload& w, const std::string& file) {
    int ends[2];
    if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        int status = 1;
        try {
            const result r = run(w.name, w.n, file);
            status = write(ends[1], &r, sizeof r) == sizeof r ? 0 : 1;
        } catch (const std::exception& e) {
            std::fprintf(stderr, "kin_bench: %s\n", e.what());
        }
        _exit(status);
    }
    close(ends[1]);
    result r;
    const ssize_t got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (got != sizeof r || status != 0)
        throw std::runtime_error("a run of " + std::string(w.name) + " failed");
    return r;
}

void compare(const workload& w) {
    const scratch_folder folder;
    if (!w.writes) make_database(w.name, w.n, folder.file());
    double best[2] = {1e300, 1e300};
    std::uint64_t checksum[2] = {};
    for (int i = 0; i < repetitions; ++i) {
        for (const int s : {0, 1}) {
            if (w.writes) make_database(w.name, w.n, folder.file());
            const result r = run_apart(s == 0 ? run_kin : run_raw, w, folder.file());
            best[s] = std::min(best[s], r.cpu_ms);
            checksum[s] = r.checksum;
        }
    }
    if (checksum[0] != checksum[1]) throw std::runtime_error(std::string(w.name) + ": the checksums differ");
    std::printf("%-13s %8" PRId64 " %9.1f %9.1f %7.2f   %s\n", w.name.data(), w.n, best[0], best[1],
                best[0] / best[1], w.what);
    std::fflush(stdout);
}

void compare_all(std::span<char*> names) {
    std::printf("%-13s %8s %9s %9s %7s   CPU time, the best of %d runs\n", "workload", "n", "kin ms",
                "hand ms", "ratio", repetitions);
    if (names.empty()) {
        for (const workload& w : workloads) compare(w);
    }
    for (const char* name : names) compare(find_workload(name));
}

std::int64_t read_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || stop != text.data() + text.size() || number < 1) {
        throw std::runtime_error("'" + std::string(text) + "' is no number of rows");
    }
    return number;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::span<char*> arguments(argv + 1, argv + argc);
        const std::string_view first = arguments.empty() ? "" : arguments[0];
        if (first != "kin" && first != "raw") {
            compare_all(arguments);
            return 0;
        }
        if (arguments.size() < 2) throw std::runtime_error("usage: kin_bench <kin|raw> WORKLOAD [N]");
        const workload& w = find_workload(arguments[1]);
        const std::int64_t n = arguments.size() > 2 ? read_number(arguments[2]) : w.n;
        run_one_side(first == "kin" ? run_kin : run_raw, w, n);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "kin_bench: %s\n", e.what());
        return 1;
    }
}
