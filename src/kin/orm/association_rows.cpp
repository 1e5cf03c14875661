// SPDX-License-Identifier: MIT
#include "association_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "renew.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 500; // of one statement

std::vector<const column*> columns_of(const association& a) {
    std::vector<const column*> columns;
    for (const association::end& e : a.ends) {
        for (const std::uint32_t i : e.columns) columns.push_back(&a.table->columns()[i]);
    }
    return columns;
}

/// Calls `f` for runs of changes of one table (and certainty) that fit into one statement.
template <class F>
void for_each_batch(const std::vector<association_changes::change>& links, std::size_t parameters, F&& f) {
    std::vector<association_changes::change> batch;
    std::vector<bool> done(links.size(), false);
    for (std::size_t first = 0; first < links.size(); ++first) {
        if (done[first]) continue;
        const association& a = *links[first].through;
        const std::size_t most =
            std::max<std::size_t>(1, std::min(most_rows, parameters / a.table->columns().size()));
        for (std::size_t i = first; i < links.size(); ++i) {
            if (done[i] || links[i].through != &a || links[i].certain != links[first].certain) continue;
            done[i] = true;
            batch.push_back(links[i]);
            if (batch.size() == most) {
                f(a, batch);
                batch.clear();
            }
        }
        if (!batch.empty()) f(a, batch);
        batch.clear();
    }
}

[[noreturn]] void fail_unlinked(const association& a, std::size_t expected, std::int64_t gone,
                                std::string_view sql) {
    throw stale_data(
        {.code = "link_gone",
         .message = "DELETE of " + std::to_string(expected) + " rows of " + a.table->name() +
                    " (links between " + a.ends[0].type->class_name() + " and " +
                    a.ends[1].type->class_name() + ") found " + std::to_string(gone) +
                    ": somebody has unlinked them meanwhile; roll back and load the objects again",
         .sql = std::string(sql),
         .table = a.table->name()});
}

} // namespace

/// As the database knows the object: by the key of its row, whatever the member holds now.
void association_rows::add_key(const association::end& e, const node& n) {
    for (const std::uint32_t i : e.referenced)
        values_->cells.push_back(row_cell(n, n.type->properties()[i], values_->memory));
}

void association_rows::add_keys(const association& a, const node& first, const node& second) {
    add_key(a.ends[0], first);
    add_key(a.ends[1], second);
}

void association_rows::insert(const std::vector<change>& links) {
    const dialect& d = connection_.get_dialect();
    for_each_batch(links, d.limits().parameters, [&](const association& a, const std::vector<change>& batch) {
        renew(values_);
        for (const change& c : batch) add_keys(a, *c.ends[0], *c.ends[1]);
        const std::vector<const column*> columns = columns_of(a);
        send(batch.front().certain ? compile_insert(d, *a.table, columns, batch.size(), {})
                                   : compile_insert_missing(d, *a.table, columns, batch.size()));
    });
}

void association_rows::remove(const std::vector<change>& links) {
    const dialect& d = connection_.get_dialect();
    for_each_batch(links, d.limits().parameters, [&](const association& a, const std::vector<change>& batch) {
        renew(values_);
        for (const change& c : batch) add_keys(a, *c.ends[0], *c.ends[1]);
        const std::string sql = compile_delete(d, *a.table, columns_of(a), batch.size());
        const std::size_t expected = batch.front().certain ? batch.size() : 0; // else any number will do
        connection_.send(sql, values_, [&a, expected](const pending_answer& answer) {
            const std::int64_t gone = answer.affected_rows();
            if (expected != 0 && gone != static_cast<std::int64_t>(expected))
                fail_unlinked(a, expected, gone, answer.sql());
        });
    });
}

/// What was linked or unlinked need not be looked at.
void association_rows::send(const std::string& sql) {
    connection_.send(sql, values_, [](const pending_answer& answer) { answer.affected_rows(); });
}

void association_rows::remove_all(const mapper& type, const std::vector<node*>& objects, bool rows_stay) {
    const dialect& d = connection_.get_dialect();
    for (const relationship& r : type.relationships()) {
        if (!r.is_many_to_many() || (r.through->deletes_itself && !rows_stay)) continue;
        const association::end& e = r.through->ends[r.near];
        std::vector<const column*> columns;
        for (const std::uint32_t i : e.columns) columns.push_back(&r.through->table->columns()[i]);
        for (std::size_t first = 0; first < objects.size(); first += most_rows) {
            const std::size_t count = std::min(most_rows, objects.size() - first);
            renew(values_);
            for (std::size_t i = 0; i < count; ++i) add_key(e, *objects[first + i]);
            send(compile_delete(d, *r.through->table, columns, count));
        }
    }
}

bool association_rows::exists(const association& a, const node& first, const node& second) {
    renew(values_);
    add_keys(a, first, second);
    select_statement s;
    s.from = a.table.get();
    for (const column* c : columns_of(a)) {
        predicate one(expression::binary(sql_operator::equal, expression::of_column(*c),
                                         expression::of_value(value(0))));
        s.where = s.where.empty() ? std::move(one) : std::move(s.where) && std::move(one);
    }
    cursor rows = connection_.open(compile(connection_.get_dialect(), s).sql, values_->cells);
    return rows.next();
}

} // namespace kin::detail
