// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "kin/mapping/model.hpp"
#include "kin/orm/batches.hpp"
#include "kin/orm/entity_query.hpp"

namespace kin {

/// A query for objects: `session.query<User>().where(kin::col<&User::name> == "John").all()`. A value; each part returns the
/// query with that part added. Runs when its result is asked for: all(), first(), one(), a range-for ...
/// Lifetime: keeps what it needs of its session, so `for (... : db.session().query<User>())` is sound. Before it runs, pending changes are flushed (session_options::autoflush).
/// Throws on running: compile_error, conversion_error, database_error; pending_rollback after a failure.
template <class T> class query {
public:
    explicit query(std::shared_ptr<detail::session_core> s)
        : plan_(std::move(s), detail::configured_mapper<T>()) {}

    /// Adds a condition; several are joined by AND. SQL: WHERE ...
    [[nodiscard]] query where(predicate condition) && {
        plan_.add_condition(std::move(condition));
        return std::move(*this);
    }
    /// SQL: ORDER BY. Called again, or with several terms: later ones decide among equals.
    template <class... Terms> [[nodiscard]] query order_by(const Terms&... terms) && {
        (plan_.add_order(detail::to_order_term(terms)), ...);
        return std::move(*this);
    }
    /// SQL: LIMIT n. Counts objects. At most 2^63-1, else compile_error (limit_out_of_range).
    [[nodiscard]] query limit(std::uint64_t n) && {
        plan_.statement.limit = n;
        return std::move(*this);
    }
    /// SQL: OFFSET n.
    [[nodiscard]] query offset(std::uint64_t n) && {
        plan_.statement.offset = n;
        return std::move(*this);
    }
    /// How relationships load: `.with(kin::selectin<&User::posts>)`; and criteria of classes: `.with(kin::criteria<Post>(...))`.
    template <class... Options> [[nodiscard]] query with(const Options&... options) && {
        (plan_.add_option(detail::to_load_option(options)), ...);
        return std::move(*this);
    }
    /// Leaves the session's criteria out (see session::add_criteria), for this query and what loads from its objects later.
    [[nodiscard]] query without_criteria() && {
        plan_.unrestricted = true;
        return std::move(*this);
    }
    /// Rows overwrite the objects that are known already: their columns, with changes that were not written, are read again, and their
    /// collections are loaded again at the next touch, or at once with `kin::selectin`. Without it only expired objects are read again.
    [[nodiscard]] query populate_existing() && {
        plan_.populates_existing = true;
        return std::move(*this);
    }
    /// How its statement runs: `.execution({.timeout_ms = 500})`. Statements that load relationships run as any other of the session.
    [[nodiscard]] query execution(const execution_options& options) && {
        plan_.execution = options;
        return std::move(*this);
    }
    /// The objects of the rows that this SQL gives. It must give every column of the table, under its name, in any order; more columns are
    /// left alone. `:name` stands for a bound value. Replaces where, order_by, limit and offset.
    [[nodiscard]] query from_sql(std::string_view sql, std::initializer_list<named_value> binds = {}) && {
        plan_.set_sql(sql, binds);
        return std::move(*this);
    }
    // clang-format off
    [[nodiscard]] query where(predicate condition) const& { return query(*this).where(std::move(condition)); }
    template <class... Terms> [[nodiscard]] query order_by(const Terms&... terms) const& { return query(*this).order_by(terms...); }
    [[nodiscard]] query limit(std::uint64_t n) const& { return query(*this).limit(n); }
    [[nodiscard]] query offset(std::uint64_t n) const& { return query(*this).offset(n); }
    template <class... Options> [[nodiscard]] query with(const Options&... options) const& { return query(*this).with(options...); }
    [[nodiscard]] query without_criteria() const& { return query(*this).without_criteria(); }
    [[nodiscard]] query populate_existing() const& { return query(*this).populate_existing(); }
    [[nodiscard]] query execution(const execution_options& options) const& { return query(*this).execution(options); }
    // clang-format on

    /// Every object, once each, in the order of the rows.
    [[nodiscard]] std::vector<ref<T>> all(call_place where = call_place::current()) const {
        return adopt(plan_.run(detail::no_limit, where));
    }
    /// The first one; null when there is none. SQL: LIMIT 1
    [[nodiscard]] ref<T> first(call_place where = call_place::current()) const {
        const std::vector<detail::node*> found = plan_.run(1, where);
        return found.empty() ? ref<T>() : ref<T>(found.front());
    }
    /// The only one. Throws: no_result_found, multiple_results_found. SQL: LIMIT 2
    [[nodiscard]] ref<T> one(call_place where = call_place::current()) const {
        ref<T> only = one_or_none(where);
        if (!only) plan_.fail_no_result(where);
        return only;
    }
    /// The only one; null when there is none. Throws: multiple_results_found. SQL: LIMIT 2
    [[nodiscard]] ref<T> one_or_none(call_place where = call_place::current()) const {
        const std::vector<detail::node*> found = plan_.run(2, where);
        if (found.size() > 1) plan_.fail_multiple_results(where);
        return found.empty() ? ref<T>() : ref<T>(found.front());
    }
    /// How many objects all() would give. SQL: SELECT count(*)
    [[nodiscard]] std::int64_t count(call_place where = call_place::current()) const {
        return plan_.count(where);
    }
    /// Whether all() would give any. SQL: SELECT EXISTS (...)
    [[nodiscard]] bool exists(call_place where = call_place::current()) const { return plan_.exists(where); }

    /// The objects a batch at a time, as vectors: for more of them than there is room for. The objects of a batch are each other's peers, and `with()` loads
    /// for each batch. Throws on running: as all(); compile_error (unsupported_feature) for `kin::joined` of a collection.
    [[nodiscard]] batches<T> in_batches(std::uint32_t objects = default_rows_at_once) const {
        detail::entity_query plan = plan_;
        plan.execution.fetch_size = objects != 0 ? objects : 1;
        return batches<T>(std::move(plan));
    }
    /// `for (const auto& user : session.query<User>())`: runs the query once, at begin().
    [[nodiscard]] auto begin(call_place where = call_place::current()) {
        rows_ = all(where);
        return rows_.begin();
    }
    [[nodiscard]] auto end() { return rows_.end(); }

private:
    static std::vector<ref<T>> adopt(const std::vector<detail::node*>& nodes) {
        return std::vector<ref<T>>(nodes.begin(), nodes.end());
    }
    detail::entity_query plan_;
    std::vector<ref<T>> rows_;
};

} // namespace kin
