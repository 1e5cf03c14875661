// SPDX-License-Identifier: MIT
#include "open_statement.hpp"

#include <string>
#include <utility>

#include "bound_values.hpp"
#include "kin/base/error.hpp"
#include "kin/base/located.hpp"
#include "kin/orm/open_statement_handle.hpp"
#include "session_core.hpp"

namespace kin::detail {

open_statement::open_statement(std::shared_ptr<session_core> session, compiled_statement compiled,
                               std::span<const cell_kind> kinds, std::uint64_t limit,
                               const execution_options& options)
    : session_(std::move(session)),
      compiled_(std::move(compiled)),
      parameters_(views_of(compiled_.parameters)),
      kinds_(kinds),
      cells_(kinds.size()),
      left_(limit) {
    connection& c = session_->reading();
    session_->note_open(*this);
    try {
        rows_.emplace(c.open(compiled_.sql, parameters_, options));
    } catch (...) {
        session_->forget_open(*this);
        throw;
    }
}

open_statement::~open_statement() { finish(); }

void open_statement::finish() noexcept {
    ended_ = true;
    if (!rows_) return;
    rows_.reset();
    session_->forget_open(*this);
}

void open_statement::interrupt() noexcept {
    if (!ended_) interrupted_ = true;
    rows_.reset();
}

void open_statement::require_open() const {
    if (!interrupted_) return session_->check_usable();
    throw state_error({.code = "stream_ended",
                       .message =
                           "the rows that were left cannot be read any more: the transaction in which the "
                           "query began has ended; commit or roll back when the loop has ended, or read "
                           "in one session and write in another",
                       .sql = compiled_.sql});
}

bool open_statement::next() {
    if (ended_) return false;
    require_open();
    if (left_ != 0 && rows_->next()) {
        --left_;
        ++read_;
        return true;
    }
    finish();
    return false;
}

void open_statement_closer::operator()(open_statement* s) const noexcept { delete s; }

void session_core::note_open(open_statement& s) { open_.push_back(&s); }

void session_core::forget_open(open_statement& s) noexcept { std::erase(open_, &s); }

void session_core::interrupt_open() noexcept {
    for (open_statement* s : open_) s->interrupt();
    open_.clear();
}

} // namespace kin::detail
