// SPDX-License-Identifier: MIT
#include "kin/mapping/attribute.hpp"

#include <memory>

#include "kin/sql/select.hpp"
#include "link.hpp"
#include "value_of_object.hpp"

namespace kin::detail {

namespace {

expression column_at(const mapper& m, std::uint32_t position, std::uint8_t level = 0) {
    return expression::of_column(*m.properties()[position].column, level);
}

predicate equal(expression a, expression b) {
    return predicate(expression::binary(sql_operator::equal, std::move(a), std::move(b)));
}

predicate both(predicate a, predicate b) { return a.empty() ? std::move(b) : std::move(a) && std::move(b); }

/// A column of the table between.
expression link_column(const association& a, std::uint32_t position, std::uint8_t level = 0) {
    return expression::of_column(a.table->columns()[position], level);
}

/// The class that carries the foreign key, and the one that it refers to.
const mapper& child_of(const relationship& r) { return r.is_referred_to() ? r.target() : *r.owner; }
const mapper& parent_of(const relationship& r) { return r.is_referred_to() ? *r.owner : r.target(); }

/// Rows of the table between that belong to end `which`, whose table is `level` SELECTs further out.
predicate linked_to_end(const association& a, std::uint8_t which, std::uint8_t level) {
    const association::end& e = a.ends[which];
    predicate all;
    for (std::size_t i = 0; i < e.columns.size(); ++i) {
        all = both(std::move(all),
                   equal(link_column(a, e.columns[i]), column_at(*e.type, e.referenced[i], level)));
    }
    return all;
}
std::uint8_t far_end(const relationship& r) { return r.near == 0 ? 1 : 0; }

predicate exists(select_statement inner) {
    return predicate(expression::exists(std::make_shared<select_statement>(std::move(inner))));
}

} // namespace

predicate related_exists(const relationship& r, predicate condition) {
    select_statement inner;
    if (r.is_many_to_many()) {
        inner.from = r.through->table.get();
        inner.where = linked_to_end(*r.through, r.near, 1);
        if (!condition.empty()) {
            inner.joins.push_back(
                {&r.target().table(), join_kind::inner, linked_to_end(*r.through, far_end(r), 0)});
        }
    } else if (r.is_view()) {
        inner.from = &r.target().table();
        inner.where = r.view_condition(); // columns of this class are found further out
    } else {
        const bool theirs = r.is_referred_to();
        for (const relationship::key_pair& k : r.keys) {
            inner.where =
                both(std::move(inner.where), equal(column_at(child_of(r), k.foreign, theirs ? 0 : 1),
                                                   column_at(parent_of(r), k.referenced, theirs ? 1 : 0)));
        }
        inner.from = &r.target().table();
    }
    if (!condition.empty()) inner.where = std::move(inner.where) && std::move(condition);
    return exists(std::move(inner));
}

predicate refers_to(const relationship& r, node* target) {
    if (!r.is_reference()) return target ? has_element(r, target) : !related_exists(r, {});
    predicate all;
    for (const relationship::key_pair& k : r.keys) {
        expression key = column_at(*r.owner, k.foreign);
        all = both(std::move(all), target
                                       ? equal(std::move(key), value_of_object(*target, k.referenced))
                                       : predicate(expression::unary(sql_operator::is_null, std::move(key))));
    }
    return all;
}

predicate has_element(const relationship& r, node* element) {
    if (!element) fail_null_ref("contains [T = object");
    const auto value_of = [element](std::uint32_t position) { return value_of_object(*element, position); };
    if (r.is_view()) {
        predicate is_it;
        for (const std::uint32_t i : r.target().key())
            is_it = both(std::move(is_it), equal(column_at(r.target(), i), value_of(i)));
        return related_exists(r, std::move(is_it));
    }
    if (r.is_many_to_many()) {
        select_statement inner;
        inner.from = r.through->table.get();
        inner.where = linked_to_end(*r.through, r.near, 1);
        const association::end& far = r.through->ends[far_end(r)];
        for (std::size_t i = 0; i < far.columns.size(); ++i) {
            inner.where = both(std::move(inner.where),
                               equal(link_column(*r.through, far.columns[i]), value_of(far.referenced[i])));
        }
        return exists(std::move(inner));
    }
    predicate all;
    for (const relationship::key_pair& k : r.keys)
        all = both(std::move(all), equal(column_at(*r.owner, k.referenced), value_of(k.foreign)));
    return all;
}

predicate is_in_collection(const relationship& r, node& owner) {
    const auto value_of = [&owner](std::uint32_t position) { return value_of_object(owner, position); };
    predicate all;
    if (!r.is_many_to_many()) {
        for (const relationship::key_pair& k : r.keys)
            all = both(std::move(all), equal(column_at(r.target(), k.foreign), value_of(k.referenced)));
        return all;
    }
    select_statement inner;
    inner.from = r.through->table.get();
    inner.where = linked_to_end(*r.through, far_end(r), 1);
    const association::end& near = r.through->ends[r.near];
    for (std::size_t i = 0; i < near.columns.size(); ++i) {
        inner.where = both(std::move(inner.where),
                           equal(link_column(*r.through, near.columns[i]), value_of(near.referenced[i])));
    }
    return exists(std::move(inner));
}

std::vector<join_clause> joins_along(const relationship& r, join_kind kind) {
    std::vector<join_clause> joins;
    if (r.is_many_to_many()) {
        joins.push_back({r.through->table.get(), kind, linked_to_end(*r.through, r.near, 0)});
        joins.push_back({&r.target().table(), kind, linked_to_end(*r.through, far_end(r), 0)});
        return joins;
    }
    if (r.is_view()) {
        joins.push_back({&r.target().table(), kind, r.view_condition()});
        return joins;
    }
    predicate all;
    for (const relationship::key_pair& k : r.keys) {
        all = both(std::move(all),
                   equal(column_at(parent_of(r), k.referenced), column_at(child_of(r), k.foreign)));
    }
    joins.push_back({&r.target().table(), kind, std::move(all)});
    return joins;
}

} // namespace kin::detail
