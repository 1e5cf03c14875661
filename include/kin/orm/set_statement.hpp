// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/mapping/model.hpp"
#include "kin/orm/row_query.hpp"
#include "kin/sql/update.hpp"

namespace kin {

namespace detail {

/// An UPDATE or DELETE of many rows, or an INSERT of plain objects, without its type.
struct set_plan {
    enum class action : std::uint8_t { update, remove, insert };

    explicit set_plan(action a, const mapper& m);
    set_plan(const set_plan& other);
    set_plan(set_plan&& other) noexcept;
    set_plan& operator=(const set_plan& other);
    set_plan& operator=(set_plan&& other) noexcept;
    ~set_plan();

    void add_assignment(const column& c, expression content);
    void add_condition(predicate condition);
    void add_returned(expression column);

    action what;
    const mapper* type;
    std::vector<assignment> set = {};
    predicate where = {};
    std::vector<const void*> rows = {}; // objects of the class, that are no nodes
    std::vector<expression> returning = {};
    bool unrestricted = false;
};

template <class T, auto Member>
inline constexpr bool is_member_of_updated = std::is_base_of_v<model_type<Member>, T>;
/// For messages: names the class, and the member.
template <class T, bool Sets> inline constexpr bool sets_something = Sets;
template <auto Member, class V> inline constexpr bool can_assign = can_store<member_type<Member>, V>;

template <class T, auto Member, class V> void add_assignment(set_plan& plan, const V& v) {
    static_assert(is_member_of_updated<T, Member>,
                  "kin: set() takes a column of the class that is updated; the value may use others");
    static_assert(is_column_member<Member>,
                  "kin: set() takes a column; of a relationship set the foreign key");
    if constexpr (is_member_of_updated<T, Member> && is_column_member<Member>) {
        static_assert(can_assign<Member, V>,
                      "kin: this column cannot be set to that: write a value of the column's type, and none "
                      "that may be NULL for a column that is NOT NULL");
        if constexpr (can_assign<Member, V>)
            plan.add_assignment(column_of<Member>(), to_expression<attribute_value<member_type<Member>>>(v));
    }
}

} // namespace detail

/// A set-based statement that hands columns of its rows back; made by returning().
template <class... T> class returning_statement {
public:
    explicit returning_statement(detail::set_plan plan) : plan_(std::move(plan)) {}
    [[nodiscard]] const detail::set_plan& plan() const noexcept { return plan_; }

private:
    detail::set_plan plan_;
};

namespace detail {

template <class Column>
using returned_value =
    nullable_if<sql_result_t<std::conditional_t<sql_operand<Column>, Column, int>>, can_be_null<Column>>;

template <class... Columns> auto returning(set_plan plan, const Columns&... columns) {
    (plan.add_returned(to_selected(columns)), ...);
    return returning_statement<returned_value<Columns>...>(std::move(plan));
}

} // namespace detail

/// `session.execute(kin::update<User>().set(kin::col<&User::bio>, "x").where(...))`: one UPDATE for many rows. A value; each part returns
/// the statement with that part added. `Sets`: whether set() was called.
template <class T, bool Sets = false> class update_query {
public:
    update_query() : plan_(detail::set_plan::action::update, detail::configured_mapper<T>()) {}
    explicit update_query(detail::set_plan plan) : plan_(std::move(plan)) {}

    /// `.set(kin::col<&Post::likes>, kin::col<&Post::likes> + 1)`: a value of the column's type, or an expression of the row as it was before.
    template <auto Member, class V>
    [[nodiscard]] update_query<T, true> set(const attribute<Member>&, const V& v) && {
        detail::add_assignment<T, Member>(plan_, v);
        return update_query<T, true>(std::move(plan_));
    }
    /// Only these rows; several are joined by AND. Without one: every row.
    [[nodiscard]] update_query where(predicate condition) && {
        plan_.add_condition(std::move(condition));
        return std::move(*this);
    }
    /// Leaves the session's criteria out (see session::add_criteria).
    [[nodiscard]] update_query without_criteria() && {
        plan_.unrestricted = true;
        return std::move(*this);
    }
    /// The statement gives these columns of the rows as they are afterwards. Throws on running: compile_error (unsupported_feature) where the
    /// database cannot. SQL: RETURNING
    template <class... Columns> [[nodiscard]] auto returning(const Columns&... columns) && {
        static_assert(detail::sets_something<T, Sets>,
                      "kin: this update sets nothing; write .set(kin::col<&User::name>, ...) before");
        return detail::returning(std::move(plan_), columns...);
    }
    // clang-format off
    template <auto Member, class V>
    [[nodiscard]] update_query<T, true> set(const attribute<Member>& column, const V& v) const& { return update_query(*this).set(column, v); }
    [[nodiscard]] update_query where(predicate condition) const& { return update_query(*this).where(std::move(condition)); }
    [[nodiscard]] update_query without_criteria() const& { return update_query(*this).without_criteria(); }
    template <class... Columns> [[nodiscard]] auto returning(const Columns&... columns) const& { return update_query(*this).returning(columns...); }
    // clang-format on
    [[nodiscard]] const detail::set_plan& plan() const noexcept { return plan_; }

private:
    detail::set_plan plan_;
};

/// `session.execute(kin::remove_from<Post>().where(...))`: one DELETE for many rows. Else as update_query.
template <class T> class remove_query {
public:
    remove_query() : plan_(detail::set_plan::action::remove, detail::configured_mapper<T>()) {}

    /// Only these rows; several are joined by AND. Without one: every row.
    [[nodiscard]] remove_query where(predicate condition) && {
        plan_.add_condition(std::move(condition));
        return std::move(*this);
    }
    /// Leaves the session's criteria out (see session::add_criteria).
    [[nodiscard]] remove_query without_criteria() && {
        plan_.unrestricted = true;
        return std::move(*this);
    }
    /// ... of the rows as they were. As update_query::returning.
    template <class... Columns> [[nodiscard]] auto returning(const Columns&... columns) && {
        return detail::returning(std::move(plan_), columns...);
    }
    // clang-format off
    [[nodiscard]] remove_query where(predicate condition) const& { return remove_query(*this).where(std::move(condition)); }
    [[nodiscard]] remove_query without_criteria() const& { return remove_query(*this).without_criteria(); }
    template <class... Columns> [[nodiscard]] auto returning(const Columns&... columns) const& { return remove_query(*this).returning(columns...); }
    // clang-format on
    [[nodiscard]] const detail::set_plan& plan() const noexcept { return plan_; }

private:
    detail::set_plan plan_;
};

/// `session.execute(kin::insert<User>(rows))`: plain objects become rows, many in one statement, and no objects of the session. Their
/// relationships are not looked at: set the foreign keys. A value.
template <class T> class insert_query {
public:
    explicit insert_query(std::vector<T> rows)
        : rows_(std::make_shared<const std::vector<T>>(std::move(rows))) {}

    /// What the database has made of the rows, in their order. As update_query::returning.
    template <class... Columns> [[nodiscard]] auto returning(const Columns&... columns) const {
        return returning_insert<detail::returned_value<Columns>...>(
            {detail::returning(plan(), columns...), rows_});
    }
    /// Lifetime: this statement's.
    [[nodiscard]] detail::set_plan plan() const {
        detail::set_plan made(detail::set_plan::action::insert, detail::configured_mapper<T>());
        for (const T& row : *rows_) made.rows.push_back(&row);
        return made;
    }

private:
    template <class... V> struct returning_insert : returning_statement<V...> {
        returning_insert(returning_statement<V...> statement, std::shared_ptr<const std::vector<T>> rows)
            : returning_statement<V...>(std::move(statement)),
              keep(std::move(rows)) {}
        std::shared_ptr<const std::vector<T>> keep;
    };
    std::shared_ptr<const std::vector<T>> rows_;
};

/// Starts an UPDATE of many rows.
template <class T> [[nodiscard]] update_query<T> update() { return {}; }
/// Starts a DELETE of many rows. Runs no cascade of the session: the database does what its foreign keys say.
template <class T> [[nodiscard]] remove_query<T> remove_from() { return {}; }
/// Starts an INSERT of plain objects.
template <class T> [[nodiscard]] insert_query<T> insert(std::vector<T> rows) {
    return insert_query<T>(std::move(rows));
}
template <class T> [[nodiscard]] insert_query<T> insert(std::initializer_list<T> rows) {
    return insert_query<T>(std::vector<T>(rows));
}
/// ... of one: `kin::insert(User{.name = "Ann"})`.
template <class T>
    requires std::is_aggregate_v<T>
[[nodiscard]] insert_query<T> insert(T row) {
    std::vector<T> rows;
    rows.push_back(std::move(row));
    return insert_query<T>(std::move(rows));
}

} // namespace kin
