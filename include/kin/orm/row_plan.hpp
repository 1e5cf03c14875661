// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kin/base/codec.hpp"
#include "kin/base/error.hpp"
#include "kin/engine/execution_options.hpp"
#include "kin/orm/load_options.hpp"
#include "kin/orm/open_statement_handle.hpp"
#include "kin/sql/select.hpp"
#include "kin/sql/text.hpp"

namespace kin::detail {

class session_core;

/// Takes the rows of a statement one by one.
class row_sink {
public:
    /// Returns the number of cells when all fit, else the position of the one that does not.
    virtual std::size_t take(const cell* cells) = 0;

protected:
    ~row_sink() = default;
};

/// A query for rows of values, without its type.
struct row_plan {
    explicit row_plan(std::shared_ptr<session_core> s);
    row_plan(const row_plan& other);
    row_plan(row_plan&& other) noexcept;
    row_plan& operator=(const row_plan& other);
    row_plan& operator=(row_plan&& other) noexcept;
    ~row_plan();

    void add_column(expression column);
    void add_condition(predicate condition);
    void add_group(expression term);
    void add_group_condition(predicate condition);
    void add_order(order_term term);
    void add_join(const relationship& r, join_kind kind);

    std::shared_ptr<session_core> session = {};
    select_statement statement = {};
    std::string raw_sql = {}; // sql<...>(): replaces `statement`
    std::vector<std::pair<std::string, value>> raw_binds = {};
    std::uint64_t limit = ~std::uint64_t{0}; // rows that are wanted
    execution_options execution = {};

    /// Runs it; every row has the kinds asked for. Throws: compile_error (result_shape) when the statement gives another number
    /// of columns; conversion_error naming the column and the row.
    void run(std::span<const cell_kind> kinds, row_sink& sink, const call_place& where) const;
    /// ... begins it only; `kinds` must outlive the statement. Throws: as run().
    [[nodiscard]] open_statement_handle open(std::span<const cell_kind> kinds, const call_place& where) const;
    /// Hands the next row to `sink`; false after the last. Throws: as run(); state_error (stream_ended).
    static bool read_next(open_statement& s, row_sink& sink, const call_place& where);
    [[noreturn]] void fail_no_result(const call_place& where) const;
    [[noreturn]] void fail_multiple_results(const call_place& where) const;
};

/// Returns the number of cells when all fit, else the position of the one that does not.
template <class... T> std::size_t decode_row(std::tuple<T...>& row, const cell* cells) {
    return std::apply(
        [&](T&... values) {
            std::size_t i = 0;
            (void)((codec<T>::decode(values, cells[i]) && (++i, true)) && ...);
            return i;
        },
        row);
}

template <class... T> class tuple_sink final : public row_sink {
public:
    explicit tuple_sink(std::vector<std::tuple<T...>>& rows) : rows_(rows) {}
    std::size_t take(const cell* cells) override { return decode_row(rows_.emplace_back(), cells); }

private:
    std::vector<std::tuple<T...>>& rows_;
};

} // namespace kin::detail
