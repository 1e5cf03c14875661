// SPDX-License-Identifier: MIT
#include "constraint_names.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "cell_text.hpp"
#include "identity_map.hpp"
#include "kin/mapping/association.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::detail {

namespace {

struct candidate {
    const table* child;
    const foreign_key_constraint* key;
};

/// The foreign keys that carry the relationships of `m` to many or one.
std::vector<candidate> keys_of_children(const mapper& m) {
    std::vector<candidate> found;
    for (const relationship& r : m.relationships()) {
        if (!r.is_referred_to()) continue;
        for (const foreign_key_constraint& k : r.target().table().foreign_keys) {
            if (k.columns.size() == r.keys.size() && k.columns.front() == r.keys.front().foreign) {
                found.push_back({&r.target().table(), &k});
            }
        }
    }
    return found;
}

std::vector<candidate> own_keys(const mapper& m) {
    std::vector<candidate> found;
    for (const foreign_key_constraint& k : m.table().foreign_keys) found.push_back({&m.table(), &k});
    return found;
}

template <class T, class U> bool contains(const T& all, const U& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// The foreign keys that an UPDATE of these columns sets.
std::vector<candidate> keys_among(const mapper& m, std::span<const std::uint32_t> columns) {
    std::vector<candidate> found;
    for (const foreign_key_constraint& k : m.table().foreign_keys) {
        const bool is_set = std::any_of(columns.begin(), columns.end(),
                                        [&](std::uint32_t c) { return contains(k.columns, c); });
        if (is_set) found.push_back({&m.table(), &k});
    }
    return found;
}

/// The foreign keys that refer to one of these columns, of the classes that `m` or the session knows.
std::vector<candidate> keys_that_refer_to(const mapper& m, std::span<const std::uint32_t> columns,
                                          const identity_map& objects) {
    std::vector<const table*> tables;
    for (const relationship& r : m.relationships())
        tables.push_back(r.through ? r.through->table.get() : &r.target().table());
    for (const entity_map* map : objects.all()) tables.push_back(&map->type().table());
    std::vector<candidate> found;
    for (const table* t : tables) {
        for (const foreign_key_constraint& k : t->foreign_keys) {
            const bool refers =
                k.refers_to(m.table()) && std::any_of(columns.begin(), columns.end(), [&](std::uint32_t c) {
                    return contains(k.target_columns, m.properties()[c].column->name);
                });
            const bool is_there =
                std::any_of(found.begin(), found.end(), [&](const candidate& f) { return f.key == &k; });
            if (refers && !is_there) found.push_back({t, &k});
        }
    }
    return found;
}

/// The foreign keys that are checked when the transaction commits, of the classes that the session knows.
std::vector<candidate> keys_until_commit(const identity_map& objects) {
    std::vector<candidate> found;
    const auto add = [&](const table& t) {
        for (const foreign_key_constraint& k : t.foreign_keys) {
            const bool is_there =
                std::any_of(found.begin(), found.end(), [&](const candidate& f) { return f.key == &k; });
            if (k.checked != key_check::at_once && !is_there) found.push_back({&t, &k});
        }
    };
    for (const entity_map* map : objects.all()) {
        add(map->type().table());
        for (const relationship& r : map->type().relationships()) add(r.target().table());
    }
    return found;
}

/// What is unique beside the primary key: the names that DDL gives it, and its columns.
std::vector<std::pair<std::string, std::vector<std::uint32_t>>> unique_names(const table& t) {
    std::vector<std::pair<std::string, std::vector<std::uint32_t>>> all;
    for (const unique_constraint& u : t.uniques) all.emplace_back(t.name_of(u), u.columns);
    for (const index_definition& i : t.indexes) {
        if (i.unique) all.emplace_back(t.name_of(i), i.columns);
    }
    return all;
}

std::string described(const candidate& c) {
    std::string text = c.child->name() + ".";
    text += c.child->columns()[c.key->columns.front()].name;
    return text + " -> " + c.key->target_table + "." + c.key->target_columns.front();
}

std::string described(const std::vector<candidate>& all) {
    std::string names;
    for (const candidate& c : all) names += (names.empty() ? "" : ", ") + described(c);
    return names;
}

/// The error with the names of the constraint, if it can only be one.
error_details with_names(const foreign_key_violation& e, const mapper& m,
                         const std::vector<candidate>& found) {
    error_details d = e.details();
    if (found.size() == 1) {
        const candidate& c = found.front();
        d.table = c.child->name();
        d.column = c.child->columns()[c.key->columns.front()].name;
        d.constraint = c.child->name_of(*c.key);
    } else {
        d.table = m.table().name();
    }
    return d;
}

std::string refers_to_nothing(const mapper& m, const std::vector<candidate>& found) {
    return "a row of " + m.table().name() + " refers to a row that does not exist (" + described(found) +
           "); save the other object first, or correct the key";
}

std::string is_referred_to(const mapper& m, const std::vector<candidate>& found) {
    return "cannot change the key of a row of " + m.table().name() + ": rows still refer to it (" +
           described(found) +
           "), and the database's foreign key has no ON UPDATE CASCADE; make that table anew with "
           "kin::on_update::cascade, or insert a row with the new key, let the others refer to it and remove "
           "the "
           "old one";
}

/// Those that may have been violated: all, or the one that the database names.
std::vector<candidate> possible(const dialect& d, const foreign_key_violation& e,
                                std::vector<candidate> all) {
    if (!e.constraint().empty()) {
        std::erase_if(all, [&](const candidate& c) {
            return d.name_in_database(c.child->name()) != e.table() ||
                   d.name_in_database(c.child->name_of(*c.key)) != e.constraint();
        });
    }
    return all;
}

} // namespace

void rethrow_of_delete(const dialect& d, const foreign_key_violation& e, const mapper& m,
                       const identity_map& objects) {
    std::vector<candidate> found = possible(d, e, keys_of_children(m));
    if (found.empty()) { // of classes that m has no relationship to
        std::vector<std::uint32_t> all(m.properties().size());
        std::iota(all.begin(), all.end(), 0U);
        found = possible(d, e, keys_that_refer_to(m, all, objects));
    }
    if (found.empty() && !e.table().empty()) throw foreign_key_violation(e.details());
    error_details details = with_names(e, m, found);
    details.message =
        "cannot delete a row of " + m.table().name() + ": rows still refer to it" +
        (found.empty() ? std::string() : " (" + described(found) + ")") +
        "; remove them first, make their key std::optional so that it can be unset, or give the "
        "relationship cascade::remove";
    throw foreign_key_violation(std::move(details));
}

namespace {

/// An UPDATE may have changed a foreign key, or a key that others refer to.
[[noreturn]] void rethrow_with_constraint(const dialect& dialect, const foreign_key_violation& e,
                                          const mapper& m, std::span<const std::uint32_t> columns,
                                          const identity_map& objects) {
    const std::vector<candidate> own = possible(dialect, e, keys_among(m, columns));
    const std::vector<candidate> referring = possible(dialect, e, keys_that_refer_to(m, columns, objects));
    if (own.empty() && referring.empty()) throw foreign_key_violation(e.details());
    std::vector<candidate> all = own;
    all.insert(all.end(), referring.begin(), referring.end());
    error_details d = with_names(e, m, all);
    d.message = own.empty()         ? is_referred_to(m, referring)
                : referring.empty() ? refers_to_nothing(m, own)
                                    : refers_to_nothing(m, own) + "; or " + is_referred_to(m, referring);
    throw foreign_key_violation(std::move(d));
}

/// An INSERT refers to rows that are not there.
[[noreturn]] void rethrow_of_key(const dialect& d, const foreign_key_violation& e, const mapper& m) {
    const std::vector<candidate> found = possible(d, e, own_keys(m));
    if (found.empty()) throw foreign_key_violation(e.details());
    error_details details = with_names(e, m, found);
    details.message = refers_to_nothing(m, found);
    throw foreign_key_violation(std::move(details));
}

std::string names_of(const dialect& d, const table& t, const std::vector<std::uint32_t>& columns) {
    std::string names;
    for (const std::uint32_t c : columns)
        names += (names.empty() ? "" : ", ") + d.name_in_database(t.columns()[c].name);
    return names;
}

/// SQLite names the columns of a unique value and not the constraint; MariaDB the constraint alone, in a text that shows the value.
[[noreturn]] void rethrow_of_unique(const dialect& d, const unique_violation& e, const mapper& m) {
    const table& t = m.table();
    const bool of_another = !e.table().empty() && e.table() != d.name_in_database(t.name()); // of a trigger
    if (of_another || (!e.constraint().empty() && !e.column().empty())) throw unique_violation(e.details());
    error_details details = e.details();
    details.table = t.name();
    const auto violates = [&](std::string_view name, const std::vector<std::uint32_t>& columns) {
        return e.constraint().empty() ? e.column() == names_of(d, t, columns)
                                      : e.constraint() == d.name_in_database(name);
    };
    const auto complete = [&](std::string name, const std::vector<std::uint32_t>& columns) {
        details.column = names_of(d, t, columns);
        details.message = name + " on " + t.name() + "." + details.column +
                          ": another row has this value already; choose another value or update that row";
    };
    if (violates("PRIMARY", m.key())) complete("the primary key", m.key());
    for (const auto& [name, columns] : unique_names(t)) {
        if (!violates(name, columns)) continue;
        details.constraint = d.name_in_database(name);
        complete("unique constraint " + details.constraint, columns);
    }
    throw unique_violation(std::move(details));
}

/// Throws the error again when it has a table.
template <class Error> [[noreturn]] void rethrow_with_table(const Error& e, const mapper& m) {
    if (!e.table().empty()) throw;
    error_details details = e.details();
    details.table = m.table().name();
    throw Error(std::move(details));
}

template <class OfForeignKey>
[[noreturn]] void rethrow(const dialect& d, const mapper& m, OfForeignKey&& of_foreign_key) {
    try {
        throw;
    } catch (const foreign_key_violation& e) {
        of_foreign_key(e);
        throw;
    } catch (const unique_violation& e) {
        rethrow_of_unique(d, e, m);
    } catch (const not_null_violation& e) {
        rethrow_with_table(e, m);
    } catch (const check_violation& e) {
        rethrow_with_table(e, m);
    } catch (const statement_error& e) {
        rethrow_with_table(e, m);
    }
}

} // namespace

void rethrow_of_insert(const dialect& d, const mapper& m) {
    rethrow(d, m, [&](const foreign_key_violation& e) { rethrow_of_key(d, e, m); });
}

void rethrow_of_update(const dialect& d, const mapper& m, std::span<const std::uint32_t> columns,
                       const identity_map& objects) {
    rethrow(d, m,
            [&](const foreign_key_violation& e) { rethrow_with_constraint(d, e, m, columns, objects); });
}

void rethrow_of_commit(const dialect& d, const foreign_key_violation& e, const identity_map& objects) {
    const std::vector<candidate> found = possible(d, e, keys_until_commit(objects));
    if (found.empty()) throw foreign_key_violation(e.details());
    error_details details = e.details();
    if (found.size() == 1) {
        const candidate& c = found.front();
        details.table = c.child->name();
        details.column = c.child->columns()[c.key->columns.front()].name;
        details.constraint = c.child->name_of(*c.key);
    }
    details.message =
        "the transaction was not committed: a row refers to a row that does not exist (" + described(found) +
        "); save the other object in the same transaction, correct the key, or keep the row that "
        "it refers to";
    throw foreign_key_violation(std::move(details));
}

std::string key_text(const mapper& m, std::span<const cell> row) {
    std::string text;
    for (const std::uint32_t i : m.key()) {
        text += (text.empty() ? "" : ", ") + m.properties()[i].column->name + " = " + shown(row[i]);
    }
    return text;
}

} // namespace kin::detail
