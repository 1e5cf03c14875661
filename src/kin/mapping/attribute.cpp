// SPDX-License-Identifier: MIT
#include "kin/mapping/attribute.hpp"

#include <memory>

#include "kin/base/error.hpp"
#include "kin/sql/select.hpp"
#include "link.hpp"

namespace kin::detail {

namespace {

/// The value of one column of an object when the statement is compiled.
class object_column final : public late_value {
public:
    object_column(node& n, std::uint32_t position) : object_(&n), position_(position) {}

    [[nodiscard]] value get() const override {
        node& n = *object_.raw();
        if (!has_key(n)) {
            throw state_error({.code = "no_key_yet",
                               .message = "a query compares with a " + n.type->class_name() +
                                          " that has no key yet; add it to the session and flush before",
                               .sql = {},
                               .table = n.type->table().name()});
        }
        const property& p = n.type->properties()[position_];
        if (!p.column->primary_key) freshen(n);
        cell c;
        scratch memory;
        p.encode(static_cast<const char*>(n.object()) + p.offset, encoder{c, memory});
        return value(c);
    }

private:
    any_ref object_; // keeps the object alive as long as the query
    std::uint32_t position_;
};

expression column_at(const mapper& m, std::uint32_t position, std::uint8_t level = 0) {
    return expression::of_column(*m.properties()[position].column, level);
}

predicate equal(expression a, expression b) {
    return predicate(expression::binary(sql_operator::equal, std::move(a), std::move(b)));
}

predicate both(predicate a, predicate b) { return a.empty() ? std::move(b) : std::move(a) && std::move(b); }

/// The class that carries the foreign key, and the one that it refers to.
const mapper& child_of(const relationship& r) {
    return r.kind == relationship_kind::has_many ? r.target() : *r.owner;
}
const mapper& parent_of(const relationship& r) {
    return r.kind == relationship_kind::has_many ? *r.owner : r.target();
}

} // namespace

predicate related_exists(const relationship& r, predicate condition) {
    const bool many = r.kind == relationship_kind::has_many;
    predicate joined;
    for (const relationship::key_pair& k : r.keys) {
        joined = both(std::move(joined), equal(column_at(child_of(r), k.foreign, many ? 0 : 1),
                                               column_at(parent_of(r), k.referenced, many ? 1 : 0)));
    }
    if (!condition.empty()) joined = std::move(joined) && std::move(condition);
    auto inner = std::make_shared<select_statement>();
    inner->from = &r.target().table();
    inner->where = std::move(joined);
    return predicate(expression::exists(std::move(inner)));
}

predicate refers_to(const relationship& r, node* target) {
    predicate all;
    for (const relationship::key_pair& k : r.keys) {
        expression key = column_at(*r.owner, k.foreign);
        all = both(std::move(all),
                   target ? equal(std::move(key), expression::of_late_value(
                                                      std::make_shared<object_column>(*target, k.referenced)))
                          : predicate(expression::unary(sql_operator::is_null, std::move(key))));
    }
    return all;
}

predicate has_element(const relationship& r, node* element) {
    if (!element) fail_null_ref("contains [T = object");
    predicate all;
    for (const relationship::key_pair& k : r.keys) {
        all = both(std::move(all),
                   equal(column_at(*r.owner, k.referenced),
                         expression::of_late_value(std::make_shared<object_column>(*element, k.foreign))));
    }
    return all;
}

predicate join_condition(const relationship& r) {
    predicate all;
    for (const relationship::key_pair& k : r.keys) {
        all = both(std::move(all),
                   equal(column_at(parent_of(r), k.referenced), column_at(child_of(r), k.foreign)));
    }
    return all;
}

} // namespace kin::detail
