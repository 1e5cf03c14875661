// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include "flag_guard.hpp"
#include "kin/base/located.hpp"
#include "kin/mapping/link.hpp"
#include "kin/orm/savepoint.hpp"
#include "session_core.hpp"

/// Savepoints: parts of a transaction that can be undone alone.
namespace kin {

namespace detail {

namespace {

std::string name_of(std::uint64_t number) { return "kin_" + std::to_string(number); }

} // namespace

std::uint64_t session_core::begin_nested() {
    check_usable();
    check_not_flushing("begin_nested()");
    flush();
    connection& c = writing();
    undo_log::savepoint s;
    s.number = ++last_savepoint_;
    s.start = undo_.now();
    s.waiting = associations_;
    undo_.savepoints.reserve(undo_.savepoints.size() + 1);
    c.execute("SAVEPOINT " + name_of(s.number));
    undo_.savepoints.push_back(std::move(s));
    // From here on these have a past to come back to.
    for (node* n : undo_.inserted) n->unset(node_flag::inserted);
    return last_savepoint_;
}

bool session_core::has_savepoint(std::uint64_t number) const noexcept {
    for (const undo_log::savepoint& s : undo_.savepoints) {
        if (s.number == number) return true;
    }
    return false;
}

void session_core::check_innermost(std::uint64_t number) const {
    if (!undo_.savepoints.empty() && undo_.savepoints.back().number == number) return;
    throw state_error(
        {.code = "savepoint_ended",
         .message = has_savepoint(number)
                        ? "this savepoint has another one inside that is still open; end that one first"
                        : "this savepoint has ended already, by its own commit() or rollback(), or with its "
                          "transaction",
         .sql = {}});
}

void session_core::release_savepoint(std::uint64_t number) {
    check_innermost(number);
    check_not_flushing("savepoint::commit()");
    flush();
    writing().execute("RELEASE SAVEPOINT " + name_of(number));
    undo_log::savepoint ended = std::move(undo_.savepoints.back());
    undo_.savepoints.pop_back();
    if (undo_.savepoints.empty()) return;
    // The outer one must be able to undo this as well. What it has saved itself is older.
    undo_.savepoints.back().rows.merge(ended.rows);
}

void session_core::rollback_savepoint(std::uint64_t number) {
    check_innermost(number);
    check_not_flushing("savepoint::rollback()");
    if (!lease_ || !lease_->in_transaction() || lease_->transaction_lost()) {
        if (failure_.empty()) failure_ = "the database ended the transaction";
        check_usable(); // only rollback() helps
    }
    lease_->execute("ROLLBACK TO SAVEPOINT " + name_of(number));
    undo_log::savepoint& s = undo_.savepoints.back();
    restore_objects(s.start, &s.rows);
    associations_ = std::move(s.waiting);
    lease_->execute("RELEASE SAVEPOINT " + name_of(number));
    undo_.savepoints.pop_back();
    failure_.clear();
}

void session_core::end_inner_savepoints(std::uint64_t number) {
    while (undo_.savepoints.back().number != number) rollback_savepoint(undo_.savepoints.back().number);
}

/// A statement failed: the database forgets all since the savepoint, so that nothing half-done is there whatever the program does next.
bool session_core::undo_to_savepoint() noexcept {
    if (undo_.savepoints.empty() || !lease_ || !lease_->in_transaction() || lease_->transaction_lost())
        return false;
    try {
        lease_->execute("ROLLBACK TO SAVEPOINT " + name_of(undo_.savepoints.back().number));
        return true;
    } catch (...) {
        return false;
    }
}

} // namespace detail

savepoint::savepoint(std::shared_ptr<detail::session_core> core)
    : core_(std::move(core)),
      number_(core_->begin_nested()) {}

savepoint::savepoint(savepoint&& other) noexcept : core_(std::move(other.core_)), number_(other.number_) {}

savepoint::~savepoint() {
    if (!is_active()) return;
    try {
        core_->end_inner_savepoints(number_);
        core_->rollback_savepoint(number_);
    } catch (...) {
        core_->fail("a savepoint could not be rolled back"); // the session waits for rollback()
    }
}

bool savepoint::is_active() const noexcept { return core_ && core_->has_savepoint(number_); }

void savepoint::commit(call_place where) {
    if (core_) detail::located(where, [&] { core_->release_savepoint(number_); });
}

void savepoint::rollback(call_place where) {
    if (core_) detail::located(where, [&] { core_->rollback_savepoint(number_); });
}

} // namespace kin
