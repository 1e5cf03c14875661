// SPDX-License-Identifier: MIT
#include "support/private_server.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

#include "source_dir.hpp"

namespace kin::testing {

private_server::private_server(std::string_view kind)
    : kind_(kind),
      home_(std::filesystem::temp_directory_path() /
            ("kin_server_" + std::to_string(getpid()) + "_" + kind_)) {
    std::filesystem::create_directories(home_);
    url_ = run("start", "--durable --until " + std::to_string(getpid()));
    while (url_.ends_with('\n')) url_.pop_back();
}

private_server::~private_server() {
    try {
        run("stop");
        std::filesystem::remove_all(home_);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what()); // --until stops it, later
    }
}

void private_server::crash() { run("crash"); }

void private_server::resume() { run("resume"); }

/// What scripts/servers.sh prints.
std::string private_server::run(std::string_view command, std::string_view options) const {
    const std::string script = (source_dir() / "scripts" / "servers.sh").string();
    std::string line = "KIN_SERVERS='" + home_.string() + "' '" + script + "' ";
    line.append(command).append(" ").append(kind_).append(" ").append(options);
    line.append(" 2>&1 </dev/null");
    FILE* const pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + line);
    std::string out;
    std::array<char, 1024> piece{};
    while (std::fgets(piece.data(), static_cast<int>(piece.size()), pipe) != nullptr) out += piece.data();
    if (const int status = pclose(pipe); status != 0) throw std::runtime_error(line + ": " + out);
    return out;
}

} // namespace kin::testing
