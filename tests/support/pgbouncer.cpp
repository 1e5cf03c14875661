// SPDX-License-Identifier: MIT
#include "support/pgbouncer.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kin/base/error.hpp"
#include "support/test_database.hpp"

namespace kin::testing {

namespace {

constexpr const char* program = "/usr/sbin/pgbouncer";

std::uint16_t free_port() {
    const int s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    const bool good = bind(s, reinterpret_cast<sockaddr*>(&here), size) == 0 &&
                      getsockname(s, reinterpret_cast<sockaddr*>(&here), &size) == 0;
    close(s);
    return good ? ntohs(here.sin_port) : std::uint16_t{0};
}

} // namespace

bool pgbouncer_process::is_installed() { return access(program, X_OK) == 0; }

pgbouncer_process::pgbouncer_process(const url& server, const std::filesystem::path& folder,
                                     std::string_view more)
    : port_(free_port()) {
    const std::string file = (folder / "pgbouncer.ini").string();
    std::ofstream(file) << "[databases]\n* = host=" << server.host << " port=" << server.port
                        << " user=" << server.user
                        << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
                        << "\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n"
                           "default_pool_size = 2\nmax_client_conn = 100\n"
                        << more;
    pid_ = fork();
    if (pid_ != 0) return;
    if (const int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    // It refuses to run as root, and who it runs as then may not come into the folder: so it is given the open file.
    const int config = open(file.c_str(), O_RDONLY);
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(1);
    execl(program, "pgbouncer", ("/dev/fd/" + std::to_string(config)).c_str(), nullptr);
    _exit(1);
}

pgbouncer_process::~pgbouncer_process() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void pgbouncer::SetUp() {
    if (test_dialect() != "postgresql") GTEST_SKIP() << "pgbouncer is PostgreSQL's";
    if (!pgbouncer_process::is_installed()) GTEST_SKIP() << "pgbouncer is not installed";
    name_ = "kin_bouncer_" + std::to_string(getpid());
    where_ = url::parse(test_url());
    where_.database = name_;
    admin_.emplace(test_url());
    admin_->engine().connect().execute("CREATE DATABASE " + name_); // it takes no search_path
    straight_.emplace(where_.to_string_with_password());
    bouncer_.emplace(where_, folder_.file("."), more_settings);
    where_.port = bouncer_->port();
}

void pgbouncer::TearDown() {
    if (!admin_) return;
    bouncer_.reset();
    straight_.reset();
    admin_->engine().connect().execute("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
}

database pgbouncer::pooled(std::string_view prepare, const engine_options& options) const {
    url where = where_;
    where.options.emplace_back("prepare", prepare);
    for (int tries = 0;; ++tries) {
        try {
            return database(where.to_string_with_password(), options);
        } catch (const connection_error&) {
            if (tries == 100) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
}

} // namespace kin::testing
