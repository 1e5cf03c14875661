// SPDX-License-Identifier: MIT
#include "support/suite_results.hpp"

#include <filesystem>
#include <map>

#include <unistd.h>

#include "support/test_database.hpp"

namespace kin::testing {

namespace {

/// A file, as two sessions on one in-memory database are not apart.
struct suite_file {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("kin_suite_" + std::to_string(getpid()) + ".db");
    ~suite_file() {
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + end);
    }
};

} // namespace

std::string suite_url() {
    static const suite_file file;
    return on_sqlite() ? "sqlite:///" + file.path.string() : fresh_url();
}

const check_result& suite_result(const std::string& name) {
    static std::map<std::string, check_result> known;
    auto at = known.find(name);
    if (at == known.end()) at = known.emplace(name, dialect_suite(suite_url()).run(name)).first;
    return at->second;
}

} // namespace kin::testing
