// SPDX-License-Identifier: MIT
#include "kin/engine/statement_cache.hpp"

namespace kin {

cached_statement& statement_cache::take(std::string_view sql) {
    // A loop of the same statement is the common case and needs no hash.
    cached_statement* found = newest_;
    if (found == nullptr || found->sql != sql) {
        const auto place = by_text_.find(sql);
        if (place == by_text_.end()) return add(sql);
        found = place->second.get();
    }
    if (found->in_use) return prepare_temporary(sql);
    found->in_use = true;
    if (found != newest_) make_newest(*found);
    return *found;
}

void statement_cache::give_back(cached_statement& s) noexcept {
    if (s.temporary) {
        delete &s;
        return;
    }
    s.in_use = false;
}

void statement_cache::clear() noexcept {
    newest_ = oldest_ = nullptr;
    by_text_.clear();
}

std::unique_ptr<cached_statement> statement_cache::prepare(std::string_view sql) const {
    auto s = std::make_unique<cached_statement>();
    s->sql = sql;
    s->statement = connection_.prepare(sql);
    s->parameter_count = s->statement->parameter_count();
    s->read_only = s->statement->is_read_only();
    s->in_use = true;
    return s;
}

cached_statement& statement_cache::prepare_temporary(std::string_view sql) const {
    auto s = prepare(sql);
    s->temporary = true;
    return *s.release();
}

cached_statement& statement_cache::add(std::string_view sql) {
    auto made = prepare(sql);
    cached_statement& s = *made;
    by_text_.emplace(std::string_view(s.sql), std::move(made));
    make_newest(s);
    if (by_text_.size() > capacity_) evict();
    return s;
}

void statement_cache::make_newest(cached_statement& s) noexcept {
    unlink(s);
    s.older = newest_;
    if (newest_ != nullptr) newest_->newer = &s;
    newest_ = &s;
    if (oldest_ == nullptr) oldest_ = &s;
}

void statement_cache::unlink(cached_statement& s) noexcept {
    if (s.newer != nullptr) s.newer->older = s.older;
    if (s.older != nullptr) s.older->newer = s.newer;
    if (newest_ == &s) newest_ = s.older;
    if (oldest_ == &s) oldest_ = s.newer;
    s.newer = s.older = nullptr;
}

void statement_cache::evict() noexcept {
    cached_statement* s = oldest_;
    while (s != nullptr && s->in_use) s = s->newer;
    if (s == nullptr) return;
    unlink(*s);
    by_text_.erase(by_text_.find(std::string_view(s->sql)));
}

} // namespace kin
