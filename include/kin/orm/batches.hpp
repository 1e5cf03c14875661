// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "kin/orm/entity_query.hpp"

namespace kin {

/// The objects of a query, a vector of them at a time: `for (const auto& users : session.query<User>().in_batches())`. Made by query::in_batches(). The database
/// keeps the rows that were not asked for, and other statements of the session run between two batches. Objects stay in the session as after any
/// query; a loop over more than there is room for ends each batch with `session.expunge_all()`, which frees them. It ends with its transaction:
/// after a commit or rollback inside the loop the next batch is a state_error (stream_ended).
/// Move-only, read once; for the session's thread. Lifetime: keeps what it needs of its session.
template <class T> class batches {
public:
    explicit batches(detail::entity_query plan) : plan_(std::move(plan)) {}

    /// The next batch; the first call runs the query. Empty after the last one. Lifetime: until the next call.
    /// Throws: compile_error, conversion_error, database_error; pending_rollback after a failure; state_error (stream_ended).
    [[nodiscard]] const std::vector<ref<T>>& next(call_place where = call_place::current()) {
        objects_.clear();
        if (!open_) open_ = plan_.open(where);
        const std::vector<detail::node*> found = plan_.next_batch(*open_, where);
        objects_.reserve(found.size());
        for (detail::node* n : found) objects_.emplace_back(n);
        return objects_;
    }

    class iterator {
    public:
        using value_type = std::vector<ref<T>>;
        using difference_type = std::ptrdiff_t;
        explicit iterator(batches& all) : all_(&all), batch_(&all.next(all.where_)) {}
        const value_type& operator*() const { return *batch_; }
        const value_type* operator->() const { return batch_; }
        iterator& operator++() {
            batch_ = &all_->next(all_->where_);
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] bool operator==(std::nullptr_t) const { return batch_->empty(); }

    private:
        batches* all_;
        const value_type* batch_;
    };
    [[nodiscard]] iterator begin(call_place where = call_place::current()) {
        where_ = where;
        return iterator(*this);
    }
    [[nodiscard]] std::nullptr_t end() const noexcept { return nullptr; }

private:
    detail::entity_query plan_;
    detail::open_statement_handle open_;
    std::vector<ref<T>> objects_;
    call_place where_ = {};
};

} // namespace kin
