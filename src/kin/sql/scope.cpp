// SPDX-License-Identifier: MIT
#include "kin/sql/scope.hpp"

#include "kin/schema/naming.hpp"
#include "kin/sql/expression.hpp"
#include "kin/sql/refuse.hpp"

namespace kin {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Databases that fold the case of names would take "User" and "user" for one.
bool same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

} // namespace

void scope_stack::enter(bool bare) {
    scopes_.emplace_back();
    scopes_.back().bare = bare;
}

void scope_stack::leave() { scopes_.pop_back(); }

bool scope_stack::is_taken(std::string_view name) const noexcept {
    for (const scope& s : scopes_) {
        for (const source& known : s.sources) {
            if (same_name(known.alias.empty() ? known.table->name() : known.alias, name)) return true;
        }
    }
    return false;
}

void scope_stack::add(const kin::table& t, bool apart) {
    source added;
    added.table = &t;
    added.apart = apart;
    std::string name = t.name();
    for (std::size_t n = 1; is_taken(name); ++n) {
        const std::string number = "_" + std::to_string(n);
        name = fit_name(t.name(), longest_made_name - number.size()) + number;
        added.alias = name;
    }
    dialect_.quote(added.quoted, name);
    scopes_.back().sources.push_back(std::move(added));
}

std::string_view scope_stack::qualifier(const column& c, std::size_t level, std::size_t occurrence) const {
    const bool apart = occurrence >= expression::first_apart;
    if (apart) occurrence -= expression::first_apart;
    for (std::size_t skipped = level; skipped < scopes_.size(); ++skipped) {
        const scope& s = scopes_[scopes_.size() - 1 - skipped];
        std::size_t seen = 0;
        for (const source& candidate : s.sources) {
            if (candidate.table != c.owner || candidate.apart != apart) continue;
            if (seen++ != occurrence) continue;
            return s.bare && skipped == 0 ? std::string_view() : std::string_view(candidate.quoted);
        }
        if (seen != 0) break; // the table is here, but not that often
    }
    const std::string table = c.owner != nullptr ? c.owner->name() : std::string("(no table)");
    refuse("table_not_in_query", "column \"" + c.name + "\" of table \"" + table +
                                     "\" is used, but the query does not select from that table" +
                                     (occurrence != 0 ? " so many times" : "") + "; join \"" + table +
                                     "\" in a select; a query for objects asks with has() and any()");
}

} // namespace kin
