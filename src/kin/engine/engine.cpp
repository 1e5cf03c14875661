// SPDX-License-Identifier: MIT
#include "kin/engine/engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "kin/engine/engine_state.hpp"
#include "kin/engine/inspector.hpp"
#include "kin/engine/isolation.hpp"
#include "kin/engine/native_types.hpp"
#include "kin/schema/metadata.hpp"
#include "kin/sql/ddl_compiler.hpp"

namespace kin {

namespace {

bool is_echo_wanted(const engine_options& options) {
    const char* set = std::getenv("KIN_ECHO");
    return options.echo || (set != nullptr && std::string_view(set) == "1");
}

/// Those of `tables` that are there, or those that are not.
std::vector<const table*> select_tables(const dialect& d, inspector& schema,
                                        const std::vector<const table*>& tables, bool existing) {
    std::vector<const table*> out;
    for (const table* t : tables) {
        const std::string name = d.name_in_database(t->name()), in = d.name_in_database(t->schema());
        if (schema.has_table({name, in}) == existing) out.push_back(t);
    }
    return out;
}

/// A foreign key whose target comes later.
struct later_key {
    const table* owner;
    const foreign_key_constraint* key;
};

/// Of tables that are created in this order, the foreign keys that cannot be written inside CREATE TABLE.
std::vector<later_key> find_later_keys(const dialect& d, const std::vector<const table*>& tables) {
    std::vector<later_key> out;
    if (d.supports(feature::later_tables)) return out;
    for (auto t = tables.begin(); t != tables.end(); ++t) {
        for (const foreign_key_constraint& key : (*t)->foreign_keys) {
            const bool comes_later =
                std::any_of(t + 1, tables.end(), [&](const table* other) { return key.refers_to(*other); });
            if (comes_later) out.push_back({*t, &key});
        }
    }
    return out;
}

pool::limits limits_of(const engine_options& o) {
    return {.size = o.pool_size,
            .overflow = o.max_overflow,
            .timeout_ms = o.pool_timeout_ms,
            .trusted_idle_ms = o.pool_trust_idle_ms,
            .max_age_ms = o.pool_recycle_ms,
            .long_hold_ms = o.pool_long_hold_ms,
            .connect_timeout_ms = o.connect_timeout_ms,
            .statement_timeout_ms = o.statement_timeout_ms,
            .isolation = o.isolation,
            .reset_on_return = o.reset_on_return};
}

/// `created` gets each table once it is there.
void create_tables(connection& c, const std::vector<const table*>& tables,
                   std::vector<const table*>& created) {
    const dialect& d = c.get_dialect();
    const std::vector<later_key> later = find_later_keys(d, tables);
    std::vector<const foreign_key_constraint*> left_out;
    for (const later_key& l : later) left_out.push_back(l.key);
    created.reserve(tables.size());
    for (const table* t : tables) {
        c.execute(compile_create_table(d, *t, left_out));
        created.push_back(t);
        for (const std::string& sql : compile_create_indexes(d, *t)) c.execute(sql);
    }
    for (const later_key& l : later) c.execute(compile_add_foreign_key(d, *l.owner, *l.key));
}

/// Drops the foreign keys of these tables, which come in their order of dependence, that lead back to a table of the same ring.
void drop_ring_keys(connection& c, inspector& schema, const std::vector<const table*>& tables) {
    const dialect& d = c.get_dialect();
    for (const later_key& l : find_later_keys(d, tables)) {
        const std::string name = d.name_in_database(l.owner->name());
        const std::string in = d.name_in_database(l.owner->schema());
        for (const inspected_foreign_key& there : schema.foreign_keys({name, in})) {
            if (there.target_table != d.name_in_database(l.key->target_table)) continue;
            // Another schema, unless one of both means the connection's own.
            const std::string target = d.name_in_database(l.key->target_schema);
            if (!target.empty() && !there.target_schema.empty() && target != there.target_schema) continue;
            c.execute(compile_drop_foreign_key(d, *l.owner, there.name));
        }
    }
}

/// After an error, which the caller reports: another one here would only hide it.
void drop_quietly(connection& c, inspector& schema, std::vector<const table*> tables) noexcept {
    try {
        drop_ring_keys(c, schema, tables);
        std::reverse(tables.begin(), tables.end());
        for (const std::string& sql : compile_drop_tables(c.get_dialect(), tables)) c.execute(sql);
    } catch (...) {}
}

} // namespace

engine::state::state(kin::url where, const engine_options& o, std::unique_ptr<const kin::driver> d)
    : url(std::move(where)),
      options(o),
      driver(std::move(d)),
      connections(*driver, observers, pool_observers, limits_of(o)) {
    if (o.on_connect) connections.add_hook(o.on_connect);
    if (is_echo_wanted(options)) observers.add(echo.emplace());
}

engine make_engine(url where, const engine_options& options, std::unique_ptr<const driver> d) {
    require_level(*d, options.isolation);
    return engine(std::make_shared<engine::state>(std::move(where), options, std::move(d)));
}

connection engine::connect(std::source_location where) const { return connect({}, where); }

connection engine::connect(std::string_view label, std::source_location where) const {
    return state_->connections.acquire(state_, {.where = where, .label = label});
}

const dialect& engine::dialect() const noexcept { return state_->driver->get_dialect(); }

const url& engine::url() const noexcept { return state_->url; }

void engine::create_all(const metadata& m) const {
    connection c = connect();
    const auto schema = inspect(c);
    const auto tables = m.in_dependency_order();
    check_enum_types(c, *schema, tables);
    // Asked without a transaction first: a database that is complete, or read-only, needs no lock.
    if (select_tables(dialect(), *schema, tables, false).empty()) return;
    const bool transactional = dialect().supports(feature::transactional_ddl);
    if (transactional) c.begin(transaction_access::write);
    const auto missing = select_tables(dialect(), *schema, tables, false);
    std::vector<const table*> created;
    try {
        create_enum_types(c, *schema, missing);
        create_tables(c, missing, created);
    } catch (...) {
        // Without a transaction that takes it back, kin takes back what it has made itself.
        if (!transactional) drop_quietly(c, *schema, created);
        throw;
    }
    if (transactional) c.commit();
}

void engine::drop_all(const metadata& m) const {
    connection c = connect();
    const auto schema = inspect(c);
    const auto tables = m.in_dependency_order();
    if (select_tables(dialect(), *schema, tables, true).empty() && !has_unused_enum_types(c, *schema, tables))
        return;
    const bool transactional = dialect().supports(feature::transactional_ddl);
    if (transactional) c.begin(transaction_access::write);
    if (const auto sql = state_->driver->before_drop_all(); !sql.empty()) c.execute(sql);
    auto existing = select_tables(dialect(), *schema, tables, true);
    if (!dialect().supports(feature::drop_together)) drop_ring_keys(c, *schema, existing);
    std::reverse(existing.begin(), existing.end());
    for (const std::string& sql : compile_drop_tables(dialect(), existing)) c.execute(sql);
    const bool types_went = drop_unused_enum_types(c, *schema, tables);
    if (transactional) c.commit();
    if (types_went) close_connections();
}

std::unique_ptr<inspector> engine::inspect(connection& c) const { return state_->driver->inspect(c); }

void engine::add_observer(statement_observer& observer) const { state_->observers.add(observer); }

void engine::remove_observer(statement_observer& observer) const noexcept {
    state_->observers.remove(observer);
}

void engine::add_observer(connection_observer& observer) const { state_->pool_observers.add(observer); }

void engine::remove_observer(connection_observer& observer) const noexcept {
    state_->pool_observers.remove(observer);
}

pool_status engine::pool_status() const { return state_->connections.status(); }

void engine::close_connections() const noexcept { state_->connections.close_idle(); }

} // namespace kin
