// SPDX-License-Identifier: MIT
#include <exception>
#include <string>
#include <utility>

#include "constraint_names.hpp"
#include "flag_guard.hpp"
#include "kin/base/error.hpp"
#include "session_core.hpp"

/// The part of the session that begins and ends transactions.
namespace kin::detail {

void session_core::open_transaction(const transaction_options& options) {
    connection c = engine_.connect(options_.label, where_);
    c.set_observer(options_.observer);
    if (options_.statement_timeout_ms >= 0) c.set_statement_timeout(options_.statement_timeout_ms);
    if (cancel_.target() != nullptr) c.obey(cancel_);
    c.begin(options);
    lease_.emplace(std::move(c));
}

/// How transactions of this session begin when nobody says otherwise.
transaction_options session_core::usual(transaction_access access) const noexcept {
    return {.access = access,
            .isolation = options_.isolation,
            .read_only = options_.read_only,
            .deferrable = options_.deferrable};
}

void session_core::begin(const transaction_options& options) {
    check_usable();
    if (lease_) return lease_->begin(options); // refuses: there is a transaction
    open_transaction(options);
}

cancel_handle session_core::cancel_handle() {
    if (cancel_.target() == nullptr) {
        cancel_ = kin::cancel_handle::make();
        if (lease_) lease_->obey(cancel_);
    }
    return cancel_;
}

connection& session_core::reading() {
    check_usable();
    if (!lease_)
        open_transaction(usual(options_.write_intent ? transaction_access::write : transaction_access::read));
    return *lease_;
}

connection& session_core::writing() {
    check_usable();
    if (lease_) {
        lease_->require_write();
    } else {
        open_transaction(usual(transaction_access::write));
        if (options_.read_only) lease_->require_write(); // refuses
    }
    wrote_ = true;
    return *lease_;
}

connection& session_core::writing_unknown_rows() {
    connection& c = writing();
    undo_.rows_changed = true;
    return c;
}

/// A handler that ended the transaction, or took objects away, under the flush that called it would pull the rug from under it.
void session_core::check_not_flushing(const char* calls) const {
    if (!flushing_ && !committing_) return;
    throw state_error(
        {.code = "reentrant_flush",
         .message = std::string(calls) +
                    " may not be called by a handler of the session's events during a flush or commit; "
                    "throw an exception to stop it",
         .sql = {}});
}

void session_core::fail(const char* what) noexcept {
    try {
        if (failure_.empty()) failure_ = what;
        if (failure_.empty()) failure_ = "unknown";
    } catch (...) {
        failure_.assign(1, '?'); // no memory for the text; the state is what counts
    }
    if (lease_ && !undo_to_savepoint()) lease_->rollback();
}

void session_core::commit_lease() {
    try {
        lease_->commit();
    } catch (const foreign_key_violation& e) {
        rethrow_of_commit(dialect(), e, objects_);
    }
}

void session_core::commit() {
    check_usable();
    check_not_flushing("commit()");
    flush();
    try {
        const flag_guard guard(committing_);
        if (events_.has(session_event::before_commit)) {
            fire(session_event::before_commit);
            flush(); // what the handlers changed
        }
        if (lease_) commit_lease();
    } catch (const std::exception& e) {
        fail(e.what());
        throw;
    } catch (...) {
        fail("an exception of an unknown type from a handler");
        throw;
    }
    end_transaction(true);
    if (options_.expire_on_commit) expire_objects();
    fire(session_event::after_commit);
}

void session_core::end_transaction(bool committed) noexcept {
    if (committed) {
        for (node* n : undo_.updated) {
            if (n->image) n->image->committed = {};
        }
        for (node* n : undo_.inserted)
            n->unset(node_flag::inserted | node_flag::key_made | node_flag::version_made);
        for (node* n : undo_.removed) detach(*n, object_state::detached);
        if (!undo_.removed.empty())
            std::erase_if(watched_, [this](const node* n) { return n->context != this; });
    }
    undo_.clear();
    wrote_ = false;
    failure_.clear();
    interrupt_open();
    lease_.reset();
}

void session_core::rollback() {
    check_not_flushing("rollback()");
    if (lease_) lease_->rollback();
    try {
        restore_objects({}, nullptr);
    } catch (...) {
        fail("rollback() could not restore all objects; call it again");
        throw;
    }
    end_transaction(false);
    fire(session_event::after_rollback);
}

void session_core::close() {
    check_not_flushing("close()");
    if (pool_) {
        if (lease_) lease_->rollback();
        undo_.expired.clear(); // nobody could read them again: they stay readable as they are
        undo_.read.clear();
        try {
            if (pool_->is_shared()) restore_objects({}, nullptr); // else nobody will look at them again
        } catch (...) {
            // What could not be restored stays as it is; it is out of the session like the others.
        }
        pending_.clear();
        removing_.clear();
        associations_.clear();
        end_transaction(false);
    }
    detach_all();
    if (pool_) {
        pool_->let_go();
        pool_ = nullptr;
    }
}

} // namespace kin::detail
