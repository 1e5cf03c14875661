// SPDX-License-Identifier: MIT
#include "entity_select.hpp"

#include "key_batches.hpp"
#include "kin/mapping/attribute.hpp"

namespace kin::detail {

namespace {

/// What `r` is looked up by: columns of the far side, or of the table between.
std::vector<const column*> lookup_columns(const relationship& r) {
    std::vector<const column*> columns;
    if (r.is_many_to_many()) {
        for (const std::uint32_t i : r.through->ends[r.near].columns)
            columns.push_back(&r.through->table->columns()[i]);
        return columns;
    }
    if (r.is_view()) {
        for (const std::uint32_t i : r.owner->key()) columns.push_back(r.owner->properties()[i].column);
        return columns;
    }
    for (const relationship::key_pair& k : r.keys)
        columns.push_back(r.target().properties()[r.is_referred_to() ? k.foreign : k.referenced].column);
    return columns;
}

predicate also(predicate all, predicate next) {
    return all.empty() ? std::move(next) : std::move(all) && std::move(next);
}

predicate equals_placeholder(const column& c) {
    return predicate(
        expression::binary(sql_operator::equal, expression::of_column(c), expression::of_value(value(0))));
}

/// Whether one array can stand for the values of the columns.
bool takes_array(const dialect& d, const std::vector<const column*>& columns) {
    const column& c = *columns.front();
    return columns.size() == 1 && !c.type.fixed_length && c.type.sql_write.empty() && c.type_words.empty() &&
           d.takes_array_of(c.type.cell());
}

/// The columns have the values of one of `keys` keys: given as one array, or as placeholders.
predicate any_of_keys(const std::vector<const column*>& columns, std::size_t keys) {
    const column& first = *columns.front();
    if (keys == in_one_array) {
        return predicate(expression::binary(sql_operator::in_array, expression::of_column(first),
                                            expression::of_value(value("[]"))));
    }
    if (columns.size() == 1) {
        std::vector<expression> operands;
        operands.push_back(expression::of_column(first));
        for (std::size_t i = 0; i < keys; ++i) operands.push_back(expression::of_value(value(0)));
        return predicate(expression::nary(sql_operator::in, std::move(operands)));
    }
    predicate any;
    for (std::size_t i = 0; i < keys; ++i) {
        predicate one;
        for (const column* c : columns) one = also(std::move(one), equals_placeholder(*c));
        any = any.empty() ? std::move(one) : std::move(any) || std::move(one);
    }
    return any;
}

} // namespace

select_statement select_of(const mapper& m) {
    select_statement s;
    s.columns.reserve(m.properties().size());
    for (const property& p : m.properties()) s.columns.push_back(expression::of_column(*p.column));
    s.from = &m.table();
    return s;
}

std::string select_by_key(const dialect& d, const mapper& m) {
    select_statement s = select_of(m);
    for (const std::uint32_t i : m.key())
        s.where = also(std::move(s.where), equals_placeholder(*m.properties()[i].column));
    return compile(d, s).sql;
}

namespace {

std::vector<const column*> key_columns(const mapper& m) {
    std::vector<const column*> columns;
    for (const std::uint32_t i : m.key()) columns.push_back(m.properties()[i].column);
    return columns;
}

} // namespace

bool asks_with_array(const dialect& d, const mapper& m) { return takes_array(d, key_columns(m)); }

std::string select_by_keys(const dialect& d, const mapper& m, std::size_t keys) {
    select_statement s = select_of(m);
    s.where = any_of_keys(m, keys);
    return compile(d, s).sql;
}

predicate any_of_keys(const mapper& m, std::size_t keys) { return any_of_keys(key_columns(m), keys); }

bool asks_with_array(const dialect& d, const relationship& r) { return takes_array(d, lookup_columns(r)); }

namespace {

/// WHERE of a look-up of all rows: those that refer to nobody are left out.
predicate refers_to_any(const std::vector<const column*>& by) {
    predicate all;
    for (const column* c : by) {
        if (!c->nullable) continue;
        all = also(std::move(all),
                   predicate(expression::unary(sql_operator::is_not_null, expression::of_column(*c))));
    }
    return all;
}

} // namespace

select_statement related_select(const relationship& r, std::size_t keys, const predicate& condition) {
    select_statement s = select_of(r.target());
    s.order_by = r.order_by;
    const std::vector<const column*> by = lookup_columns(r);
    if (r.is_view()) {
        for (const column* c : by) s.columns.push_back(expression::of_column(*c));
        s.joins.push_back({&r.owner->table(), join_kind::inner, r.view_condition()});
    }
    if (r.is_many_to_many()) {
        // Backwards: from the far side to the table between.
        for (const column* c : by) s.columns.push_back(expression::of_column(*c));
        s.joins.push_back({r.through->table.get(), join_kind::inner, joins_along(r, join_kind::inner)[1].on});
    }
    s.where = keys == all_keys ? refers_to_any(by) : any_of_keys(by, keys);
    s.where = predicate(condition) && std::move(s.where);
    return s;
}

compiled_statement select_related(const dialect& d, const relationship& r, std::size_t keys) {
    return compile(d, related_select(r, keys, {}));
}

select_statement related_rows(const relationship& r, std::span<const cell> key, bool with_objects) {
    select_statement s;
    s.from = r.is_many_to_many() ? r.through->table.get() : &r.target().table();
    if (r.is_many_to_many() && with_objects)
        s.joins.push_back(std::move(joins_along(r, join_kind::inner)[1]));
    const std::vector<const column*> by = lookup_columns(r);
    for (std::size_t i = 0; i < by.size(); ++i) {
        s.where = also(std::move(s.where),
                       predicate(expression::binary(sql_operator::equal, expression::of_column(*by[i]),
                                                    expression::of_value(value(key[i])))));
    }
    return s;
}

const std::string& statement_texts::by_key(const dialect& d, const mapper& m) {
    if (last_ == &m) return *last_text_;
    auto at = by_key_.find(&m);
    if (at == by_key_.end()) at = by_key_.emplace(&m, select_by_key(d, m)).first;
    last_ = &m;
    last_text_ = &at->second;
    return at->second;
}

const std::string& statement_texts::by_keys(const dialect& d, const mapper& m, std::size_t keys) {
    const std::pair key(&m, keys);
    auto at = by_keys_.find(key);
    if (at == by_keys_.end()) at = by_keys_.emplace(key, select_by_keys(d, m, keys)).first;
    return at->second;
}

const compiled_statement& statement_texts::related(const dialect& d, const relationship& r,
                                                   std::size_t keys) {
    const std::pair key(&r, keys);
    auto at = related_.find(key);
    if (at == related_.end()) at = related_.emplace(key, select_related(d, r, keys)).first;
    return at->second;
}

} // namespace kin::detail
