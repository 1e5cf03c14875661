// SPDX-License-Identifier: MIT
#include "kin/sql/rewrite.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "kin/sql/recursive_rows.hpp"

namespace kin {

namespace {

/// Calls `change(expression&)` for every expression of a SELECT, but not for those of a query in its FROM or WITH.
template <class F> void for_each_expression(select_statement& s, F&& change) {
    for (expression& e : s.columns) change(e);
    for (join_clause& join : s.joins) change(join.on);
    change(s.where);
    for (expression& e : s.group_by) change(e);
    change(s.having);
    for (order_term& term : s.order_by) change(term.by);
}

/// Subqueries deeper than any database takes are left as they are: the compiler refuses the statement.
constexpr std::uint32_t most_nested = 2000;

/// `e` with `change(item)` applied to its items; subqueries are copies that `change` may make.
template <class F> expression changed(const expression& e, F&& change) {
    std::vector<expression::item> items = e.items();
    for (expression::item& i : items) change(i);
    return expression::of_items(std::move(items));
}

bool reads(const select_statement& s, const table& t) {
    const auto is_it = [&t](const join_clause& join) { return join.target == &t && !join.apart; };
    return s.from == &t || std::any_of(s.joins.begin(), s.joins.end(), is_it);
}

class relocation {
public:
    relocation(const table& of, std::uint16_t occurrence) : of_(of), occurrence_(occurrence) {}

    /// `depth`: how many subqueries are around `e`; `shadowed`: one of them reads the table itself.
    [[nodiscard]] expression of(const expression& e, std::uint32_t depth, bool shadowed) const {
        return changed(e, [&](expression::item& i) {
            if (i.op == sql_operator::column && i.column->owner == &of_ && i.occurrence == 0) {
                if (i.level == depth || (i.level == 0 && !shadowed)) i.occurrence = occurrence_;
            }
            if (i.subquery && depth < most_nested) {
                auto inner = std::make_shared<select_statement>(*i.subquery);
                const bool hides = shadowed || reads(*inner, of_);
                for_each_expression(*inner, [&](expression& part) { part = of(part, depth + 1, hides); });
                i.subquery = std::move(inner);
            }
        });
    }

private:
    const table& of_;
    std::uint16_t occurrence_;
};

class restriction {
public:
    explicit restriction(std::span<const table_condition> all) : all_(all) {}

    void apply(expression& e, std::uint32_t depth) const {
        const auto is_query = [](const expression::item& i) { return i.subquery != nullptr; };
        if (depth > most_nested || std::none_of(e.items().begin(), e.items().end(), is_query)) return;
        e = changed(e, [&](expression::item& i) {
            if (!i.subquery) return;
            auto inner = std::make_shared<select_statement>(*i.subquery);
            apply(*inner, depth + 1);
            i.subquery = std::move(inner);
        });
    }
    void apply(select_statement& s, std::uint32_t depth) const {
        for_each_expression(s, [&](expression& e) { apply(e, depth); });
        if (s.from_rows) {
            auto inner = std::make_shared<select_statement>(*s.from_rows);
            apply(*inner, depth + 1);
            s.from_rows = std::move(inner);
        }
        if (s.recursive) {
            auto inner = std::make_shared<recursive_rows>(*s.recursive);
            apply(inner->start, depth + 1);
            apply(inner->step, depth + 1);
            s.recursive = std::move(inner);
        }
        std::map<std::pair<const table*, bool>, std::uint16_t> seen;
        if (s.from) {
            const std::uint16_t at = seen[{s.from, false}]++;
            if (!s.from_rows) add(s.where, *s.from, at);
        }
        for (join_clause& join : s.joins) {
            const std::uint16_t at = seen[{join.target, join.apart}]++;
            add(join.on, *join.target,
                static_cast<std::uint16_t>(at + (join.apart ? expression::first_apart : 0)));
        }
    }
    void add(predicate& to, const table& of, std::uint16_t occurrence) const {
        for (const table_condition& one : all_) {
            if (one.of != &of) continue;
            to = predicate(at_occurrence(one.holds, of, occurrence)) && std::move(to);
        }
    }

private:
    std::span<const table_condition> all_;
};

} // namespace

expression at_occurrence(const expression& e, const table& of, std::uint16_t occurrence) {
    if (occurrence == 0) return e;
    return relocation(of, occurrence).of(e, 0, false);
}

select_statement restricted(select_statement s, std::span<const table_condition> all) {
    if (!all.empty()) restriction(all).apply(s, 0);
    return s;
}

update_statement restricted(update_statement s, std::span<const table_condition> all) {
    if (all.empty()) return s;
    const restriction work(all);
    for (assignment& a : s.set) work.apply(a.content, 0);
    work.apply(s.where, 0);
    work.add(s.where, *s.target, 0);
    return s;
}

delete_statement restricted(delete_statement s, std::span<const table_condition> all) {
    if (all.empty()) return s;
    const restriction work(all);
    work.apply(s.where, 0);
    work.add(s.where, *s.target, 0);
    return s;
}

} // namespace kin
