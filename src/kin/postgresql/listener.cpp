// SPDX-License-Identifier: MIT
#include "kin/postgresql/listener.hpp"

#include <chrono>
#include <utility>

#include "kin/engine/longest_timeout.hpp"
#include "kin/postgresql/own_connection.hpp"

namespace kin::postgresql {

struct listener::parts {
    own_connection own;
};

listener::listener(const engine& e, std::source_location where)
    : parts_(new parts{own_connection(e, "kin::postgresql::listener", where)}) {}

listener::listener(listener&& other) noexcept = default;
listener& listener::operator=(listener&& other) noexcept = default;
listener::~listener() = default;

namespace {

std::string with_name(std::string sql, std::string_view channel) {
    postgresql_dialect().quote(sql, channel);
    return sql;
}

} // namespace

void listener::listen(std::string_view channel) { parts_->own.lease.execute(with_name("LISTEN ", channel)); }

void listener::unlisten(std::string_view channel) {
    parts_->own.lease.execute(with_name("UNLISTEN ", channel));
}

std::optional<notification> listener::wait(std::int64_t timeout_ms) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(bounded_timeout(timeout_ms));
    postgresql_connection& server = parts_->own.server();
    return own_errors(parts_->own.lease, [&] { return server.wire().next_notification(deadline); });
}

} // namespace kin::postgresql
