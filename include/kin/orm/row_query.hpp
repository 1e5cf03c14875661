// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "kin/orm/row_plan.hpp"
#include "kin/orm/row_stream.hpp"
#include "kin/sql/comparable.hpp"
#include "kin/sql/function.hpp"

namespace kin {

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
    /// The rows one by one as a loop asks for them, with `rows_at_once` of them in memory: for more rows than there is room for. Said last.
    [[nodiscard]] row_stream<T...> stream(std::uint32_t rows_at_once = default_rows_at_once) const {
        detail::row_plan plan = plan_;
        plan.execution.fetch_size = rows_at_once != 0 ? rows_at_once : 1;
        return row_stream<T...>(std::move(plan));
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
    template <auto Relationship, class Class = detail::model_type<Relationship>>
    [[nodiscard]] select_query join() && {
        return add_join<Relationship, Class>(join_kind::inner);
    }
    /// SQL: LEFT OUTER JOIN: rows without a partner stay; its columns are NULL then, so select them as count(...) or optional ones.
    template <auto Relationship, class Class = detail::model_type<Relationship>>
    [[nodiscard]] select_query left_join() && {
        return add_join<Relationship, Class>(join_kind::left_outer);
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
    // clang-format off
    [[nodiscard]] select_query where(predicate condition) const& { return select_query(*this).where(std::move(condition)); }
    template <auto Relationship, class Class = detail::model_type<Relationship>>
    [[nodiscard]] select_query join() const& { return select_query(*this).template join<Relationship, Class>(); }
    template <auto Relationship, class Class = detail::model_type<Relationship>>
    [[nodiscard]] select_query left_join() const& { return select_query(*this).template left_join<Relationship, Class>(); }
    template <class... Terms> [[nodiscard]] select_query group_by(const Terms&... terms) const& { return select_query(*this).group_by(terms...); }
    [[nodiscard]] select_query having(predicate condition) const& { return select_query(*this).having(std::move(condition)); }
    template <class... Terms> [[nodiscard]] select_query order_by(const Terms&... terms) const& { return select_query(*this).order_by(terms...); }
    [[nodiscard]] select_query limit(std::uint64_t n) const& { return select_query(*this).limit(n); }
    [[nodiscard]] select_query offset(std::uint64_t n) const& { return select_query(*this).offset(n); }
    [[nodiscard]] select_query distinct() const& { return select_query(*this).distinct(); }
    // clang-format on

private:
    template <auto Relationship, class Class> select_query add_join(join_kind kind) {
        constexpr bool can_join = detail::is_relationship_member<Relationship>;
        static_assert(
            detail::is_relationship_member<Relationship>,
            "kin: join() follows a relationship; name a has_many or belongs_to member: join<&User::posts>()");
        if constexpr (can_join) this->plan_.add_join(detail::relationship_of<Relationship, Class>(), kind);
        return std::move(*this);
    }
};

} // namespace kin
