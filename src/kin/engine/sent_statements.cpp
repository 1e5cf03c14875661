// SPDX-License-Identifier: MIT
#include "kin/engine/sent_statements.hpp"

#include <algorithm>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin {

namespace {

/// What the values take on their way.
std::size_t size_of(const sent_values& values) noexcept {
    std::size_t bytes = 0;
    for (const cell& c : values.cells) {
        const bool is_long = c.kind == cell_kind::text || c.kind == cell_kind::blob ||
                             c.kind == cell_kind::json || c.kind == cell_kind::array ||
                             c.kind == cell_kind::decimal;
        bytes += sizeof(cell) + (is_long ? c.size : 0);
    }
    return bytes;
}

} // namespace

cursor pending_answer::take() const {
    return is_sent_ ? cursor(lease_, of_) : cursor(lease_, of_.sql, of_.values->cells, {});
}

std::int64_t pending_answer::affected_rows() const {
    cursor rows = take();
    while (rows.next()) {}
    return rows.affected_rows();
}

std::string_view pending_answer::sql() const noexcept { return of_.sql; }

void sent_statements::send(pooled_connection& lease, sent_statement one) {
    // Nothing may fail once it is sent; growing as push_back does.
    if (waiting_.size() == waiting_.capacity())
        waiting_.reserve(std::max<std::size_t>(8, 2 * waiting_.size()));
    if (lease.is_observed()) one.started_ns = now_ns();
    const std::span<const cell> values(one.values->cells);
    try {
        lease.physical->set_timeout(lease.timeout_ms);
        cached_statement& s = lease.physical->statements.take(one.sql);
        const auto give_back = [&](cached_statement* taken) noexcept {
            lease.physical->statements.give_back(*taken);
        };
        const std::unique_ptr<cached_statement, decltype(give_back)> taken(&s, give_back);
        if (!s.read_only && lease.refuses_writes) pooled_connection::fail_read_only();
        s.statement->send_ahead(values);
    } catch (const error& e) {
        settle(lease); // an earlier one has failed first
        lease.fail(e, {.sql = one.sql, .parameters = values}, one.started_ns);
    } catch (...) {
        settle(lease);
        lease.note_failure();
        throw;
    }
    bytes_ += size_of(*one.values);
    waiting_.push_back(std::move(one));
    if (bytes_ >= most_bytes || waiting_.size() >= most_statements) settle(lease);
}

void sent_statements::add_step(std::function<void()> step) {
    waiting_.push_back({.sql = {}, .values = {}, .then = {}, .step = std::move(step)});
}

void sent_statements::settle(pooled_connection& lease) {
    if (settling_) return;
    struct guard {
        sent_statements& all;
        pooled_connection& lease;
        bool done = false;
        ~guard() {
            all.settling_ = false;
            if (!done) all.drop(lease);
        }
    } ends{*this, lease};
    settling_ = true;
    while (!waiting_.empty()) { // what is answered may send more
        const std::vector<sent_statement> now = std::exchange(waiting_, {});
        bytes_ = 0;
        for (const sent_statement& one : now) answer(lease, one);
    }
    ends.done = true;
}

void sent_statements::answer(pooled_connection& lease, const sent_statement& one) {
    if (one.step) return one.step();
    one.then(pending_answer(lease, one, true));
}

void sent_statements::drop(pooled_connection& lease) noexcept {
    waiting_.clear();
    bytes_ = 0;
    lease.physical->driver->drop_sent();
}

} // namespace kin
