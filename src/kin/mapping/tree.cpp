// SPDX-License-Identifier: MIT
#include "kin/mapping/tree.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/sql/recursive_rows.hpp"
#include "value_of_object.hpp"

namespace kin {

namespace {

using detail::tree_direction;

/// How one object of a tree leads to the next ones: each of these columns of theirs is equal to one of its.
struct step_columns {
    std::vector<std::uint32_t> from; // positions, of the object that is there
    std::vector<std::uint32_t> to;   // ... of those that it leads to, or of the table between
    const association* through = nullptr;
    std::uint8_t near = 0; // the end of the table between that `from` is
};

step_columns step_of(const relationship& r, tree_direction direction) {
    step_columns s;
    if (r.is_many_to_many()) {
        s.through = r.through;
        s.near = direction == tree_direction::down ? r.near : static_cast<std::uint8_t>(1 - r.near);
        s.from = r.through->ends[s.near].referenced;
        s.to = r.through->ends[s.near].columns;
        return s;
    }
    for (const relationship::key_pair& k : r.keys) {
        s.from.push_back(direction == tree_direction::down ? k.referenced : k.foreign);
        s.to.push_back(direction == tree_direction::down ? k.foreign : k.referenced);
    }
    return s;
}

const column& column_at(const mapper& m, std::uint32_t position) { return *m.properties()[position].column; }

predicate equal(const column& a, expression b) {
    return predicate(expression::binary(sql_operator::equal, expression::of_column(a), std::move(b)));
}

/// What is left of a name however a database folds its case, and whichever style the URL gives names.
std::string letters_of(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (c != '_') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return letters;
}

/// The rows of a tree while it is walked: the key of each object, and what it leads on by.
class tree_rows {
public:
    tree_rows(const relationship& r, tree_direction direction)
        : type_(*r.owner),
          step_(step_of(r, direction)),
          positions_(type_.key()) {
        for (const std::uint32_t p : step_.from) {
            if (std::find(positions_.begin(), positions_.end(), p) == positions_.end())
                positions_.push_back(p);
        }
        auto rows = std::make_shared<table>(free_name());
        for (const std::uint32_t p : positions_) {
            column c;
            c.name = column_at(type_, p).name;
            c.type = column_at(type_, p).type;
            rows->add_column(std::move(c));
        }
        rows_ = std::move(rows);
    }

    /// The keys of the tree that begins with the object that has `key`; `strict`: without that one.
    [[nodiscard]] select_statement keys(std::span<const expression> key, bool strict) const {
        recursive_rows tree{rows_, select_rows(), select_rows()};
        for (std::size_t i = 0; i < key.size(); ++i)
            tree.start.where = std::move(tree.start.where) && equal(column_at(type_, type_.key()[i]), key[i]);
        add_step(tree.step);
        select_statement s;
        s.from = rows_.get();
        s.recursive = std::make_shared<recursive_rows>(std::move(tree));
        predicate is_self;
        for (std::size_t i = 0; i < key.size(); ++i) {
            s.columns.push_back(expression::of_column(rows_->columns()[i]));
            is_self = std::move(is_self) && equal(rows_->columns()[i], key[i]);
        }
        if (strict) s.where = !std::move(is_self);
        return s;
    }

private:
    /// A name that none of the tables has.
    [[nodiscard]] std::string free_name() const {
        const auto is_taken = [this](std::string_view name) {
            return letters_of(type_.table().name()) == name ||
                   (step_.through && letters_of(step_.through->table->name()) == name);
        };
        return is_taken("kintree") ? is_taken("kintreerows") ? "kin_tree_keys" : "kin_tree_rows" : "kin_tree";
    }
    [[nodiscard]] select_statement select_rows() const {
        select_statement s;
        for (const std::uint32_t p : positions_)
            s.columns.push_back(expression::of_column(column_at(type_, p)));
        s.from = &type_.table();
        return s;
    }
    [[nodiscard]] expression in_tree(std::uint32_t position) const {
        const auto at = std::find(positions_.begin(), positions_.end(), position) - positions_.begin();
        return expression::of_column(rows_->columns()[static_cast<std::size_t>(at)]);
    }
    void add_step(select_statement& s) const {
        const table* next = &type_.table();
        if (step_.through) {
            next = step_.through->table.get();
            const association::end& far = step_.through->ends[1 - step_.near];
            predicate on;
            for (std::size_t i = 0; i < far.columns.size(); ++i) {
                on = std::move(on) && equal(next->columns()[far.columns[i]],
                                            expression::of_column(column_at(type_, far.referenced[i])));
            }
            s.joins.push_back({next, join_kind::inner, std::move(on)});
        }
        predicate on;
        for (std::size_t i = 0; i < step_.from.size(); ++i) {
            const column& to = step_.through ? next->columns()[step_.to[i]] : column_at(type_, step_.to[i]);
            on = std::move(on) && equal(to, in_tree(step_.from[i]));
        }
        s.joins.push_back({rows_.get(), join_kind::inner, std::move(on)});
    }

    const mapper& type_;
    step_columns step_;
    std::vector<std::uint32_t> positions_; // the key's first
    std::shared_ptr<const table> rows_;
};

predicate in_tree(const relationship& r, tree_direction direction, std::span<const expression> key,
                  bool strict) {
    auto keys = std::make_shared<select_statement>(tree_rows(r, direction).keys(key, strict));
    std::vector<expression> own;
    for (const std::uint32_t p : r.owner->key()) own.push_back(expression::of_column(column_at(*r.owner, p)));
    return predicate(expression::in_select(std::move(own), std::move(keys)));
}

std::vector<expression> key_of(const relationship& r, detail::node* from) {
    if (!from) detail::fail_null_ref(("tree [T = " + r.owner->class_name()).c_str());
    std::vector<expression> key;
    for (const std::uint32_t p : r.owner->key()) key.push_back(detail::value_of_object(*from, p));
    return key;
}

[[noreturn]] void fail_key(const mapper& m, std::string what) {
    throw usage_error(
        {.code = "wrong_key",
         .message = "a condition on the tree of " + m.class_name() + " objects takes " + std::move(what),
         .sql = {},
         .table = m.table().name()});
}

std::vector<expression> key_of(const relationship& r, const std::vector<value>& values) {
    const mapper& m = *r.owner;
    if (values.size() != m.key().size()) {
        fail_key(m, "an object, or " + std::to_string(m.key().size()) +
                        " key values, one for each column of the primary key");
    }
    std::vector<expression> key;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const property& p = m.properties()[m.key()[i]];
        if (!values[i].is_null() && values[i].kind() != m.cell_kinds()[m.key()[i]])
            fail_key(m, "a value for " + p.name + " that has the type of the column");
        key.push_back(expression::of_value(values[i]));
    }
    return key;
}

} // namespace

tree_condition::tree_condition(const relationship& r, tree_direction direction, std::vector<expression> of)
    : predicate(in_tree(r, direction, of, true)),
      relation_(&r),
      direction_(direction),
      key_(std::move(of)) {}
tree_condition::tree_condition(const relationship& r, tree_direction direction, detail::node* from)
    : tree_condition(r, direction, key_of(r, from)) {}
tree_condition::tree_condition(const relationship& r, tree_direction direction,
                               const std::vector<value>& values)
    : tree_condition(r, direction, key_of(r, values)) {}

predicate tree_condition::or_self() const {
    if (!relation_) return {};
    return in_tree(*relation_, direction_, key_, false);
}

} // namespace kin
