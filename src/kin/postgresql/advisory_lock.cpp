// SPDX-License-Identifier: MIT
#include "kin/postgresql/advisory_lock.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/postgresql/own_connection.hpp"

namespace kin::postgresql {

namespace {

constexpr const char* this_class = "kin::postgresql::advisory_lock";

/// Whether the function of the server, which takes a lock's key, says yes (or nothing).
bool call(connection& c, std::string_view sql, std::int64_t number, std::int64_t timeout_ms) {
    const cell parameters[] = {cell::of_integer(number)};
    cursor rows = c.open(sql, parameters, {.timeout_ms = timeout_ms});
    constexpr cell_kind kinds[] = {cell_kind::boolean};
    cell answer;
    return rows.next() && rows.read(0, kinds, &answer) == 1 && answer.integer != 0;
}

constexpr std::string_view try_to_lock = "SELECT pg_try_advisory_lock($1)";

[[noreturn]] void fail_busy(lock_key key, std::int64_t timeout_ms) {
    throw lock_timeout({.code = "advisory_lock_busy",
                        .message = "the advisory lock " + std::to_string(key.number()) +
                                   " was not free within " + std::to_string(timeout_ms) +
                                   " ms; try again later, or wait for longer",
                        .sql = "SELECT pg_advisory_lock($1)"});
}

} // namespace

struct advisory_lock::parts {
    own_connection own;
    std::int64_t number;
};

advisory_lock::advisory_lock(const engine& e, lock_key key, std::int64_t timeout_ms,
                             std::source_location where)
    : parts_(new parts{own_connection(e, this_class, where), key.number()}) {
    connection& c = parts_->own.lease;
    try {
        if (timeout_ms != 0) { // a statement may take for ever within 0
            static_cast<void>(call(c, "SELECT pg_advisory_lock($1) IS NULL", key.number(), timeout_ms));
            return;
        }
        if (call(c, try_to_lock, key.number(), -1)) return;
    } catch (const statement_timeout&) {
        fail_busy(key, timeout_ms);
    }
    fail_busy(key, timeout_ms);
}

advisory_lock::advisory_lock(std::unique_ptr<parts> p) noexcept : parts_(std::move(p)) {}

std::optional<advisory_lock> advisory_lock::try_lock(const engine& e, lock_key key,
                                                     std::source_location where) {
    std::unique_ptr<parts> p(new parts{own_connection(e, this_class, where), key.number()});
    if (!call(p->own.lease, try_to_lock, key.number(), -1)) return std::nullopt;
    return advisory_lock(std::move(p));
}

advisory_lock::advisory_lock(advisory_lock&& other) noexcept = default;

advisory_lock& advisory_lock::operator=(advisory_lock&& other) noexcept {
    advisory_lock taken(std::move(other));
    parts_.swap(taken.parts_);
    return *this;
}

advisory_lock::~advisory_lock() {
    if (parts_ == nullptr) return;
    try {
        static_cast<void>(call(parts_->own.lease, "SELECT pg_advisory_unlock($1)", parts_->number, -1));
    } catch (...) {
        return; // the connection is lost, and the lock with it; or it is closed for what went wrong
    }
}

bool advisory_lock::is_held() noexcept { return parts_ != nullptr && parts_->own.server().ping(); }

} // namespace kin::postgresql
