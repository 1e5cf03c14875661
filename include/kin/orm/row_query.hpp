// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "kin/base/codec.hpp"
#include "kin/base/error.hpp"
#include "kin/engine/execution_options.hpp"
#include "kin/orm/load_options.hpp"
#include "kin/sql/comparable.hpp"
#include "kin/sql/function.hpp"
#include "kin/sql/select.hpp"
#include "kin/sql/text.hpp"

namespace kin {

namespace detail {

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
    [[noreturn]] void fail_no_result(const call_place& where) const;
    [[noreturn]] void fail_multiple_results(const call_place& where) const;
};

template <class... T> class tuple_sink final : public row_sink {
public:
    explicit tuple_sink(std::vector<std::tuple<T...>>& rows) : rows_(rows) {}
    std::size_t take(const cell* cells) override {
        std::tuple<T...>& row = rows_.emplace_back();
        return std::apply(
            [&](T&... values) {
                std::size_t i = 0;
                (void)((codec<T>::decode(values, cells[i]) && (++i, true)) && ...);
                return i;
            },
            row);
    }

private:
    std::vector<std::tuple<T...>>& rows_;
};

} // namespace detail

/// Rows of a statement as tuples: range-for, all(), first(), one(), one_or_none(). Runs when its result is asked for.
template <class... T> class row_result {
public:
    using row = std::tuple<T...>;

    /// Every row. Throws, as all that run it: compile_error, conversion_error, database_error; pending_rollback after a failure.
    [[nodiscard]] std::vector<row> all(call_place where = call_place::current()) const {
        return run(plan_, where);
    }
    /// The first row; nothing when there is none.
    [[nodiscard]] std::optional<row> first(call_place where = call_place::current()) const {
        detail::row_plan plan = plan_;
        plan.limit = 1;
        std::vector<row> rows = run(plan, where);
        return rows.empty() ? std::nullopt : std::optional<row>(std::move(rows.front()));
    }
    /// The only row. Throws: no_result_found, multiple_results_found.
    [[nodiscard]] row one(call_place where = call_place::current()) const {
        std::optional<row> only = one_or_none(where);
        if (!only) plan_.fail_no_result(where);
        return *std::move(only);
    }
    /// The only row; nothing when there is none. Throws: multiple_results_found.
    [[nodiscard]] std::optional<row> one_or_none(call_place where = call_place::current()) const {
        detail::row_plan plan = plan_;
        plan.limit = 2;
        std::vector<row> rows = run(plan, where);
        if (rows.size() > 1) plan_.fail_multiple_results(where);
        return rows.empty() ? std::nullopt : std::optional<row>(std::move(rows.front()));
    }
    /// How the statement runs: `session.sql<int>("SELECT ...").execution({.timeout_ms = 500})`. Said last.
    [[nodiscard]] row_result execution(const execution_options& options) const {
        detail::row_plan plan = plan_;
        plan.execution = options;
        return row_result(std::move(plan));
    }
    /// Runs the statement once, at begin().
    [[nodiscard]] auto begin(call_place where = call_place::current()) {
        rows_ = all(where);
        return rows_.begin();
    }
    [[nodiscard]] auto end() { return rows_.end(); }

    explicit row_result(detail::row_plan plan) : plan_(std::move(plan)) {}

protected:
    detail::row_plan plan_;

private:
    static std::vector<row> run(const detail::row_plan& plan, const call_place& where) {
        static_assert(sql_can_read<T...>,
                      "kin: a result column has a type that kin cannot read; specialise kin::codec<Type>");
        std::vector<row> rows;
        if constexpr (sql_can_read<T...>) {
            static constexpr cell_kind kinds[] = {codec<T>::type.cell()...};
            detail::tuple_sink<T...> sink(rows);
            plan.run(kinds, sink, where);
        }
        return rows;
    }
    std::vector<row> rows_;
};

/// A query for values: `session.select(kin::col<&User::name>, kin::count(kin::col<&Post::id>))`. The class of the first column is
/// where it selects from; join() adds others along relationships. A value; each part returns the query with that part added.
template <class... T> class select_query : public row_result<T...> {
public:
    using row_result<T...>::row_result;

    [[nodiscard]] select_query where(predicate condition) && {
        this->plan_.add_condition(std::move(condition));
        return std::move(*this);
    }
    /// SQL: JOIN the other class of the relationship.
    template <auto Relationship> [[nodiscard]] select_query join() && {
        return add_join<Relationship>(join_kind::inner);
    }
    /// SQL: LEFT OUTER JOIN: rows without a partner stay; its columns are NULL then, so select them as count(...) or optional ones.
    template <auto Relationship> [[nodiscard]] select_query left_join() && {
        return add_join<Relationship>(join_kind::left_outer);
    }
    /// SQL: GROUP BY
    template <class... Terms> [[nodiscard]] select_query group_by(const Terms&... terms) && {
        (this->plan_.add_group(detail::to_selected(terms)), ...);
        return std::move(*this);
    }
    /// A condition on groups; several are joined by AND. SQL: HAVING
    [[nodiscard]] select_query having(predicate condition) && {
        this->plan_.add_group_condition(std::move(condition));
        return std::move(*this);
    }
    template <class... Terms> [[nodiscard]] select_query order_by(const Terms&... terms) && {
        (this->plan_.add_order(detail::to_order_term(terms)), ...);
        return std::move(*this);
    }
    [[nodiscard]] select_query limit(std::uint64_t n) && {
        this->plan_.statement.limit = n;
        return std::move(*this);
    }
    [[nodiscard]] select_query offset(std::uint64_t n) && {
        this->plan_.statement.offset = n;
        return std::move(*this);
    }
    /// SQL: SELECT DISTINCT
    [[nodiscard]] select_query distinct() && {
        this->plan_.statement.distinct = true;
        return std::move(*this);
    }

private:
    template <auto Relationship> select_query add_join(join_kind kind) {
        constexpr bool can_join = detail::is_relationship_member<Relationship>;
        static_assert(
            detail::is_relationship_member<Relationship>,
            "kin: join() follows a relationship; name a has_many or belongs_to member: join<&User::posts>()");
        if constexpr (can_join) this->plan_.add_join(detail::relationship_of<Relationship>(), kind);
        return std::move(*this);
    }
};

} // namespace kin
