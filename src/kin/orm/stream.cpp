// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include "compiled_rows.hpp"
#include "entity_select.hpp"
#include "joined_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/base/located.hpp"
#include "kin/orm/entity_query.hpp"
#include "kin/orm/row_query.hpp"
#include "loading.hpp"
#include "open_statement.hpp"
#include "session_core.hpp"
#include "value_guard.hpp"

/// Queries whose rows are read some at a time: values one by one, objects in batches.
namespace kin::detail {

namespace {

[[noreturn]] void fail_joined(const mapper& m) {
    throw compile_error(
        {.code = "unsupported_feature",
         .message = "in_batches() cannot load a collection with kin::joined: the rows of one " +
                    m.class_name() +
                    " may end in another batch; ask for it with kin::selectin, which loads it "
                    "for each batch",
         .sql = {},
         .table = m.table().name()});
}

load_place place_of(const entity_query& q) {
    load_place place{load_plan::of(q)};
    if (place.plan) place.rule = &place.plan->start;
    return place;
}

} // namespace

open_statement_handle row_plan::open(std::span<const cell_kind> kinds, const call_place& where) const {
    return located(where, [&] {
        session->autoflush({.call = "stream()"});
        compiled_statement compiled = session->compile_rows(*this);
        open_statement_handle made(new open_statement(session, std::move(compiled), kinds, limit, execution));
        require_columns(made->rows(), kinds.size(), made->sql());
        return made;
    });
}

bool row_plan::read_next(open_statement& s, row_sink& sink, const call_place& where) {
    return located(where, [&] {
        if (!s.next()) return false;
        hand_row(s.rows(), s.kinds(), s.cells(), sink, s.rows_read(), s.sql());
        return true;
    });
}

open_statement_handle entity_query::open(const call_place& where) const {
    return located(where, [&] {
        session->autoflush({.call = "in_batches() of the query for", .type = type});
        const load_place place = place_of(*this);
        compiled_statement compiled;
        if (raw_sql.empty()) {
            const std::vector<table_condition> conditions = session->criteria_at(place);
            joined_loader joined(*session, *type, place, {type}, conditions);
            if (joined.multiplies()) fail_joined(*type);
            compiled = session->compile_objects(*this, joined, conditions, no_limit);
        } else {
            compiled = compile_raw(session->dialect(), raw_sql, raw_binds);
        }
        return open_statement_handle(
            new open_statement(session, std::move(compiled), {}, no_limit, execution));
    });
}

std::vector<node*> entity_query::next_batch(open_statement& s, const call_place& where) const {
    return located(where, [&] { return s.session().next_batch(*this, s); });
}

std::vector<node*> session_core::next_batch(const entity_query& q, open_statement& s) {
    if (s.has_ended()) return {};
    s.require_open();
    std::unordered_set<const node*> replaced;
    const value_guard<std::unordered_set<const node*>*> replacing(replaced_,
                                                                  q.populates_existing ? &replaced : nullptr);
    const load_place place = place_of(q);
    const std::uint64_t most = q.execution.fetch_size;
    std::vector<node*> found;
    if (!q.raw_sql.empty()) {
        found = load_all(*this, *q.type, s.rows(), most, columns_by_name(*q.type, s.rows(), q.raw_sql));
    } else {
        const std::vector<table_condition> criteria = criteria_at(place);
        joined_loader joined(*this, *q.type, place, {q.type}, criteria);
        select_statement places = select_of(*q.type); // of the columns, the same as when it was opened
        joined.add_to(places);
        found = joined.empty() ? load_all(*this, *q.type, s.rows(), most)
                               : load_joined(*this, *q.type, s.rows(), joined, most);
        joined.finish(found);
    }
    if (found.size() < most) s.finish();
    make_group(*this, found, q, place, false);
    return found;
}

} // namespace kin::detail
