// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kin/orm/row_plan.hpp"
#include "kin/sql/text.hpp"

namespace kin {

/// The rows of a statement, one by one: `for (const auto& [id, name] : session.select(...).stream())`. Made by row_result::stream(). The database keeps those
/// that were not asked for (SQLite: its statement, PostgreSQL and MariaDB: a cursor of the server), and other statements of the session run
/// between them. It ends with its transaction: commit or rollback inside the loop make the next row a state_error (stream_ended).
/// Move-only, read once; for the session's thread. Lifetime: keeps what it needs of its session.
template <class... T> class row_stream {
public:
    using row = std::tuple<T...>;

    explicit row_stream(detail::row_plan plan) : plan_(std::move(plan)) {}

    /// The next row; the first call runs the statement. Null after the last. Lifetime: until the next call.
    /// Throws: compile_error, conversion_error, database_error; pending_rollback after a failure; state_error (stream_ended).
    [[nodiscard]] const row* next(call_place where = call_place::current()) {
        static_assert(sql_can_read<T...>,
                      "kin: a result column has a type that kin cannot read; specialise kin::codec<Type>");
        if constexpr (sql_can_read<T...>) {
            static constexpr cell_kind kinds[] = {codec<T>::type.cell()...};
            if (!open_) open_ = plan_.open(kinds, where);
            row_ = row();
            current_row sink(row_);
            if (detail::row_plan::read_next(*open_, sink, where)) return &row_;
        }
        return nullptr;
    }

    class iterator {
    public:
        using value_type = row;
        using difference_type = std::ptrdiff_t;
        explicit iterator(row_stream& rows) : rows_(&rows), row_(rows.next(rows.where_)) {}
        const row& operator*() const { return *row_; }
        const row* operator->() const { return row_; }
        iterator& operator++() {
            row_ = rows_->next(rows_->where_);
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] bool operator==(std::nullptr_t) const { return row_ == nullptr; }

    private:
        row_stream* rows_;
        const row* row_;
    };
    [[nodiscard]] iterator begin(call_place where = call_place::current()) {
        where_ = where;
        return iterator(*this);
    }
    [[nodiscard]] std::nullptr_t end() const noexcept { return nullptr; }

private:
    class current_row final : public detail::row_sink {
    public:
        explicit current_row(row& r) : row_(r) {}
        std::size_t take(const cell* cells) override { return detail::decode_row(row_, cells); }

    private:
        row& row_;
    };
    detail::row_plan plan_;
    detail::open_statement_handle open_;
    row row_;
    call_place where_ = {};
};

} // namespace kin
