// SPDX-License-Identifier: MIT
#include "kin/base/error.hpp"

#include <atomic>
#include <new>
#include <utility>

namespace kin {

namespace {

/// The statement for a person's eyes: of a long one, say an INSERT of a thousand rows, the beginning and the end. sql() has it whole.
void append_statement(std::string& text, std::string_view sql) {
    constexpr std::size_t longest = 2'000;
    constexpr std::size_t beginning = 1'200;
    constexpr std::size_t ending = 400;
    if (sql.size() <= longest) {
        text.append(sql);
        return;
    }
    const auto is_inside_of_a_character = [&](std::size_t at) {
        return (static_cast<unsigned char>(sql[at]) & 0xC0U) == 0x80U;
    };
    std::size_t first = beginning;
    while (is_inside_of_a_character(first)) --first;
    std::size_t last = sql.size() - ending;
    while (is_inside_of_a_character(last)) ++last;
    text.append(sql.substr(0, first)).append(" ... (").append(std::to_string(sql.size()));
    text.append(" bytes in all) ... ").append(sql.substr(last));
}

} // namespace

/// What all copies of an error have in common; immutable but for the count, so threads may share it.
struct error::shared {
    error_details details;
    std::string text;
    std::atomic<std::size_t> owners{1};

    explicit shared(error_details d) : details(std::move(d)), text(details.message) {
        if (!details.sql.empty()) {
            text.append("\n  [SQL: ");
            append_statement(text, details.sql);
            text += ']';
        }
        if (details.parameters.empty()) return;
        text.append("\n  [parameters: ");
        for (std::size_t i = 0; i < details.parameters.size(); ++i) {
            if (i != 0) text.append(", ");
            text.append(details.parameters[i]);
        }
        text.append("]");
    }

    void share() noexcept { owners.fetch_add(1, std::memory_order_relaxed); }
    static void drop(shared* s) noexcept {
        if (s->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete s;
    }
};

error::error(error_details details) : shared_(new shared(std::move(details))) {}

error::error(const error& other) noexcept
    : std::exception(other),
      shared_(other.shared_),
      where_(other.where_) {
    shared_->share();
}

error& error::operator=(const error& other) noexcept {
    other.shared_->share();
    shared::drop(std::exchange(shared_, other.shared_));
    where_ = other.where_;
    return *this;
}

error::~error() { shared::drop(shared_); }

void error::add_note(std::string_view note) noexcept {
    try {
        error_details details = shared_->details;
        details.message.append("; ").append(note);
        shared::drop(std::exchange(shared_, new shared(std::move(details))));
    } catch (const std::bad_alloc&) { // the error itself matters more
    }
}

const char* error::what() const noexcept { return shared_->text.c_str(); }
std::string_view error::message() const noexcept { return shared_->details.message; }
std::string_view error::code() const noexcept { return shared_->details.code; }
std::string_view error::sql() const noexcept { return shared_->details.sql; }
const std::vector<std::string>& error::parameters() const noexcept { return shared_->details.parameters; }
std::string_view error::table() const noexcept { return shared_->details.table; }
std::string_view error::column() const noexcept { return shared_->details.column; }
std::string_view error::constraint() const noexcept { return shared_->details.constraint; }
std::string_view error::sqlstate() const noexcept { return shared_->details.sqlstate; }
std::int64_t error::vendor_code() const noexcept { return shared_->details.vendor_code; }
const error_details& error::details() const noexcept { return shared_->details; }

} // namespace kin
