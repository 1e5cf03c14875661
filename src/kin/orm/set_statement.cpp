// SPDX-License-Identifier: MIT
#include "kin/orm/set_statement.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_set>

#include "bound_values.hpp"
#include "column_defaults.hpp"
#include "key_batches.hpp"
#include "key_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "kin/sql/compiler.hpp"
#include "loading.hpp"
#include "plain_insert.hpp"
#include "row_cells.hpp"
#include "sample_object.hpp"
#include "session_core.hpp"

/// How set-based statements run, and how the objects of the session follow.
namespace kin::detail {

set_plan::set_plan(action a, const mapper& m) : what(a), type(&m) {}
set_plan::set_plan(const set_plan& other) = default;
set_plan::set_plan(set_plan&& other) noexcept = default;
set_plan& set_plan::operator=(const set_plan& other) = default;
set_plan& set_plan::operator=(set_plan&& other) noexcept = default;
set_plan::~set_plan() = default;

void set_plan::add_assignment(const column& c, expression content) {
    std::erase_if(set, [&c](const assignment& a) { return a.target == &c; }); // the later one counts
    set.push_back({&c, std::move(content)});
}
void set_plan::add_condition(predicate condition) { where = std::move(where) && std::move(condition); }
void set_plan::add_returned(expression column) { returning.push_back(std::move(column)); }

namespace {

/// `v` as the member would write it. Throws: data_error (value_out_of_range, invalid_utf8, text_too_long).
value checked(const mapper& m, const property& p, const value& v) {
    if (v.view().is_null()) return v;
    sample_object one(m);
    cell c;
    scratch memory;
    if (!p.decode(one.member(p), v.view()) || !p.encode(one.member(p), encoder{c, memory}))
        fail_out_of_range(m, p);
    check_limits(m, p, c);
    return value(c);
}

/// Columns that the statement does not set have their update_default: SQL, and values of functions that take no object.
void add_defaults(std::vector<assignment>& all, const mapper& m) {
    if (!m.has_update_defaults()) return;
    for (const property& p : m.properties()) {
        const column_default* d = p.at_update();
        const auto sets_it = [&p](const assignment& a) { return a.target == p.column; };
        if (!d || d->needs_object || std::any_of(all.begin(), all.end(), sets_it)) continue;
        if (d->is_sql()) {
            all.push_back({p.column, d->sql});
            continue;
        }
        value made = made_value(m, p, *d, nullptr);
        all.push_back({p.column, expression::of_value(std::move(made))});
    }
}

/// The assignments as they are sent: values checked, the version counted up, defaults added.
std::vector<assignment> assignments_of(const set_plan& plan) {
    std::vector<assignment> all = plan.set;
    const mapper& m = *plan.type;
    for (assignment& a : all) {
        const auto& items = a.content.items();
        if (items.size() != 1 || items.front().op != sql_operator::bind) continue;
        a.content = expression::of_value(checked(m, m.properties()[a.target->index], items.front().bound));
    }
    const auto is_key = [](const assignment& a) { return a.target->primary_key; };
    if (const auto at = std::find_if(all.begin(), all.end(), is_key); at != all.end()) {
        throw compile_error({.code = "set_primary_key",
                             .message = "an update of many rows cannot set the primary key column " +
                                        m.table().name() + "." + at->target->name +
                                        ", by which objects are known; change it object by object",
                             .sql = {},
                             .table = m.table().name(),
                             .column = at->target->name});
    }
    add_defaults(all, m);
    const property* version = m.version();
    const auto sets_version = [version](const assignment& a) { return a.target == version->column; };
    if (version && std::none_of(all.begin(), all.end(), sets_version)) {
        all.push_back(
            {version->column, expression::binary(sql_operator::add, expression::of_column(*version->column),
                                                 expression::of_value(value(1)))});
    }
    return all;
}

std::vector<expression> key_columns(const mapper& m) {
    std::vector<expression> columns;
    for (const std::uint32_t i : m.key()) columns.push_back(expression::of_column(*m.properties()[i].column));
    return columns;
}

bool sets_foreign_key(const set_plan& plan) {
    const auto& all = plan.type->relationships();
    return std::any_of(all.begin(), all.end(), [&plan](const relationship& r) {
        return r.is_reference() &&
               std::any_of(r.keys.begin(), r.keys.end(), [&](const relationship::key_pair& k) {
                   const property& key = plan.type->properties()[k.foreign];
                   const bool by_default = key.at_update() && !key.at_update()->needs_object;
                   return by_default ||
                          std::any_of(plan.set.begin(), plan.set.end(),
                                      [&key](const assignment& a) { return a.target == key.column; });
               });
    });
}

/// Reads what a statement returns: keys of rows, then what the program asked for.
class returned_rows {
public:
    /// `keys`: gets the key of every row that has one.
    returned_rows(session_core& session, const mapper& m, std::span<const cell_kind> asked, row_sink* sink,
                  std::vector<key_values>* keys = nullptr)
        : known_(session.objects().of(m)),
          type_(m),
          asked_(asked),
          sink_(sink),
          keys_(keys) {
        for (const std::uint32_t i : m.key()) key_kinds_.push_back(m.cell_kinds()[i]);
    }
    /// Reads to the end; returns the number of rows. `with_keys`: they begin with a key.
    std::int64_t read(cursor& rows, bool with_keys) {
        std::vector<cell> cells(asked_.size());
        std::int64_t count = 0;
        const std::size_t first = with_keys ? key_kinds_.size() : 0;
        for (; rows.next(); ++count) {
            if (with_keys) note_key(rows);
            if (!sink_) continue;
            std::size_t done = rows.read(first, asked_, cells.data());
            if (done == asked_.size()) done = sink_->take(cells.data());
            if (done != asked_.size()) fail(rows, first + done);
        }
        return count;
    }
    [[nodiscard]] const std::vector<node*>& matched() const noexcept { return matched_; }

private:
    void note_key(cursor& rows) {
        cell key[most_key_columns];
        if (rows.read(0, key_kinds_, key) != key_kinds_.size()) return;
        if (keys_) keys_->emplace_back(key, key + key_kinds_.size());
        node* n = known_.find({key, key_kinds_.size()});
        if (n && n->state == object_state::persistent) matched_.push_back(n);
    }
    [[noreturn]] void fail(cursor& rows, std::size_t at) const {
        const bool is_null = rows.read_raw(at).is_null();
        throw conversion_error({.code = is_null ? "unexpected_null" : "conversion_error",
                                .message = "column " + std::string(rows.column_name(at)) + " of a row that " +
                                           type_.table().name() +
                                           " returned does not fit the type that the program asks for" +
                                           (is_null ? "; ask for a std::optional" : ""),
                                .sql = {},
                                .table = type_.table().name(),
                                .column = std::string(rows.column_name(at))});
    }
    entity_map& known_;
    const mapper& type_;
    std::span<const cell_kind> asked_;
    row_sink* sink_;
    std::vector<key_values>* keys_;
    std::vector<cell_kind> key_kinds_;
    std::vector<node*> matched_;
};

/// Marks objects whose row the database has changed.
void let_read_again(node& n) {
    start_watching(n); // so that reading again finds what is not written, and a rollback finds its way
    n.set(node_flag::expired);
}

void require(const dialect& d, feature f, const set_plan& plan) {
    if (plan.returning.empty() || d.supports(f)) return;
    throw compile_error({.code = "unsupported_feature",
                         .message = std::string(d.name()) +
                                    " cannot return rows from this statement; query them before or after it",
                         .sql = {},
                         .table = plan.type->table().name()});
}

/// The objects that a statement is about to match, asked for in a SELECT of its own where the statement cannot return them. `keys` gets
/// the keys of all rows. Nobody else changes these from now on.
std::vector<node*> matched_before(session_core& session, const mapper& m, const predicate& where,
                                  std::vector<key_values>* keys = nullptr) {
    select_statement s;
    s.columns = key_columns(m);
    s.from = &m.table();
    s.where = where;
    s.lock_rows = true;
    const compiled_statement compiled = compile(session.dialect(), s);
    const std::vector<cell> parameters = views_of(compiled.parameters);
    cursor rows = session.writing().open(compiled.sql, parameters);
    returned_rows found(session, m, {}, nullptr, keys);
    (void)found.read(rows, true);
    return found.matched();
}

/// The parameters of a statement whose last ones stand for keys.
std::vector<cell> with_keys_at_end(const compiled_statement& s, std::span<const cell> keys) {
    std::vector<cell> cells = views_of(s.parameters);
    std::copy(keys.begin(), keys.end(), cells.end() - static_cast<std::ptrdiff_t>(keys.size()));
    return cells;
}

/// UPDATE with columns to return, where it cannot: the rows are locked and their keys read before it, and they are read again after it.
std::int64_t update_and_read(session_core& session, const set_plan& plan, update_statement s,
                             std::span<const cell_kind> kinds, row_sink* sink, std::vector<node*>& matched) {
    const mapper& m = *plan.type;
    const dialect& d = session.dialect();
    std::vector<key_values> keys;
    matched = matched_before(session, m, s.where, &keys);
    connection& c = session.writing();
    const bool as_array = asks_with_array(d, m);
    for_each_batch(d, keys, as_array, [&](std::size_t count, std::span<const cell> some) {
        s.where = any_of_keys(m, count);
        const compiled_statement compiled = compile(d, s);
        c.execute(compiled.sql, with_keys_at_end(compiled, some));
    });
    select_statement read;
    read.columns = plan.returning;
    read.from = &m.table();
    returned_rows found(session, m, kinds, sink);
    for_each_batch(d, keys, as_array, [&](std::size_t count, std::span<const cell> some) {
        read.where = any_of_keys(m, count);
        const compiled_statement compiled = compile(d, read);
        cursor rows = c.open(compiled.sql, with_keys_at_end(compiled, some));
        (void)found.read(rows, false);
    });
    return static_cast<std::int64_t>(keys.size());
}

/// Sends an UPDATE or DELETE. `matched` gets the objects of the session whose rows it matched.
template <class Statement>
std::int64_t send(session_core& session, const set_plan& plan, Statement s, feature returns,
                  std::span<const cell_kind> kinds, row_sink* sink, std::vector<node*>& matched) {
    const mapper& m = *plan.type;
    const std::vector<table_condition> criteria =
        plan.unrestricted ? std::vector<table_condition>() : session.criteria_at({});
    s = restricted(std::move(s), criteria);
    if constexpr (std::is_same_v<Statement, update_statement>) {
        if (!plan.returning.empty() && !session.dialect().supports(returns))
            return update_and_read(session, plan, std::move(s), kinds, sink, matched);
    }
    require(session.dialect(), returns, plan);
    const bool may_match = session.objects().of(m).size() != 0;
    const bool with_keys = may_match && session.dialect().supports(returns);
    if (may_match && !with_keys) matched = matched_before(session, m, s.where);
    if (with_keys) s.returning = key_columns(m);
    s.returning.insert(s.returning.end(), plan.returning.begin(), plan.returning.end());
    const compiled_statement compiled = compile(session.dialect(), s);
    const std::vector<cell> parameters = views_of(compiled.parameters);
    if (s.returning.empty()) return session.writing().execute(compiled.sql, parameters);
    cursor rows = session.writing().open(compiled.sql, parameters);
    returned_rows found(session, m, kinds, sink);
    const std::int64_t count = found.read(rows, with_keys);
    if (with_keys) matched = found.matched();
    return count;
}

} // namespace

std::int64_t session_core::execute(const set_plan& plan, std::span<const cell_kind> kinds, row_sink* sink) {
    check_usable();
    check_not_flushing("execute()");
    autoflush({.call = "execute() for", .type = plan.type});
    switch (plan.what) {
    case set_plan::action::update: return update_rows(plan, kinds, sink);
    case set_plan::action::remove: return remove_rows(plan, kinds, sink);
    case set_plan::action::insert: break;
    }
    require(dialect(), feature::returning, plan);
    return insert_plain(*this, plan, [&](cursor& rows) {
        return returned_rows(*this, *plan.type, kinds, sink).read(rows, false);
    });
}

std::int64_t session_core::update_rows(const set_plan& plan, std::span<const cell_kind> kinds,
                                       row_sink* sink) {
    update_statement s;
    s.target = &plan.type->table();
    s.set = assignments_of(plan);
    s.where = plan.where;
    std::vector<node*> matched;
    const std::int64_t count =
        send(*this, plan, std::move(s), feature::update_returning, kinds, sink, matched);
    follow_update(matched, plan);
    return count;
}

/// They are read again, with what was changed in them and not written on top.
void session_core::follow_update(const std::vector<node*>& matched, const set_plan& plan) {
    std::vector<key_values> keys;
    for (node* n : matched) {
        let_read_again(*n);
        keys.push_back(key_values_of(*n));
    }
    if (sets_foreign_key(plan)) (void)load_by_keys(*this, *plan.type, keys);
}

std::int64_t session_core::remove_rows(const set_plan& plan, std::span<const cell_kind> kinds,
                                       row_sink* sink) {
    delete_statement s;
    s.target = &plan.type->table();
    s.where = plan.where;
    std::vector<node*> matched;
    const std::int64_t count = send(*this, plan, std::move(s), feature::returning, kinds, sink, matched);
    follow_removal(matched);
    return count;
}

namespace {

referential_action rule_of(const relationship& r) {
    return r.target().properties()[r.keys.front().foreign].on_delete;
}

} // namespace

/// As after a flush that removed them, together with the objects in memory that the database has removed or changed by its rules.
void session_core::follow_removal(const std::vector<node*>& matched) {
    std::vector<std::vector<node*>> groups{matched}; // each of one class, parents first
    std::unordered_set<const node*> gone(matched.begin(), matched.end());
    for (std::size_t i = 0; i < groups.size() && !matched.empty(); ++i) {
        for (const relationship& r : groups[i].front()->type->relationships()) {
            if (!r.is_referred_to()) continue;
            std::vector<node*> children;
            objects_.of(r.target()).for_each([&](node& child) {
                if (child.state == object_state::persistent && !gone.contains(&child) &&
                    gone.contains(known_parent(child, *r.inverse)))
                    children.push_back(&child);
            });
            if (children.empty()) continue;
            if (rule_of(r) == referential_action::cascade) {
                gone.insert(children.begin(), children.end());
                groups.push_back(std::move(children));
            } else {
                for (node* child : children) let_read_again(*child);
            }
        }
    }
    for (auto group = groups.rbegin(); group != groups.rend() && !group->empty(); ++group) {
        undo_.removed.insert(undo_.removed.end(), group->begin(), group->end());
        accept_removed(*group);
    }
}

} // namespace kin::detail
