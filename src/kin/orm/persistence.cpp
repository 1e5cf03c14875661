// SPDX-License-Identifier: MIT
#include "persistence.hpp"

#include <algorithm>

#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/base/utf8.hpp"
#include "kin/mapping/link.hpp"
#include "kin/sql/compiler.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 1000;    // of one INSERT
constexpr std::size_t least_numbered = 32; // rows from which asking the driver for numbers pays
constexpr std::size_t most_removed = 500;  // of one DELETE

void* member(node& n, const property& p) noexcept { return static_cast<char*>(n.object()) + p.offset; }
const void* member(const node& n, const property& p) noexcept {
    return static_cast<const char*>(n.object()) + p.offset;
}

/// The database makes the column's value when the program left it as it was made.
bool left_to_database(const node& n, const property& p) {
    return (p.column->generated || !p.column->server_default.empty()) && p.is_default(member(n, p));
}

} // namespace

bool persistence::has_shape(const node& n, const shape& s) {
    for (const property& p : n.type->properties()) {
        if (!p.column->generated && p.column->server_default.empty()) continue;
        const bool returned = std::find(s.returned.begin(), s.returned.end(), p.column) != s.returned.end();
        if (left_to_database(n, p) != returned) return false;
    }
    return true;
}

persistence::shape persistence::shape_of(const node& n) {
    shape s;
    for (const property& p : n.type->properties()) {
        (left_to_database(n, p) ? s.returned : s.columns).push_back(p.column);
    }
    return s;
}

/// Copies the keys of the objects that `n` refers to, now that they have one.
void persistence::take_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (r.kind != relationship_kind::belongs_to) continue;
        const belongs_to_base& reference = reference_of(n, r);
        const node* target = reference.is_resolved() ? reference.known() : nullptr;
        if (!target) continue;
        if (!has_key(*target)) {
            throw state_error({.code = "unsaved_target",
                               .message = r.qualified_name() + " refers to a " + target->type->class_name() +
                                          " that is in no session; add it, or unset the reference",
                               .sql = {},
                               .table = n.type->table().name()});
        }
        copy_key(n, r, target);
    }
}

void persistence::check_text(const mapper& m, const property& p, const cell& c) {
    if (c.kind != cell_kind::text) return;
    const auto refuse = [&](const char* code, std::string what) {
        throw data_error({.code = code,
                          .message = m.class_name() + "." + p.name + ": " + std::move(what) + " (column " +
                                     m.table().name() + "." + p.column->name + ")",
                          .sql = {},
                          .table = m.table().name(),
                          .column = p.column->name});
    };
    if (!is_valid_utf8(c.bytes())) {
        refuse("invalid_utf8",
               "the text is not valid UTF-8; convert it, or map the member as std::vector<std::byte>");
    }
    if (p.length != 0 && c.size > p.length) {
        const std::size_t characters = code_points(c.bytes());
        if (characters > p.length) {
            refuse("text_too_long", "the text has " + std::to_string(characters) +
                                        " characters, the column takes " + std::to_string(p.length) +
                                        "; shorten it, or widen the column");
        }
    }
}

void persistence::insert(const flush_plan::rows& group) {
    const std::size_t limit = session_.dialect().limits().parameters;
    const bool many = session_.dialect().supports(feature::multi_row_insert);
    for (node* n : group.objects) {
        session_.fire(session_event::before_insert, n);
        take_keys(*n);
    }
    std::size_t first = 0;
    while (first < group.objects.size()) {
        const shape s = shape_of(*group.objects[first]);
        const std::size_t most =
            !many || s.columns.empty()
                ? 1
                : std::max<std::size_t>(1, std::min(most_rows, limit / s.columns.size()));
        std::size_t last = first + 1;
        while (last < group.objects.size() && last - first < most && has_shape(*group.objects[last], s))
            ++last;
        insert_batch(*group.type, s, {group.objects.data() + first, last - first});
        first = last;
    }
}

void persistence::insert_batch(const mapper& m, const shape& s, std::span<node* const> objects) {
    parameters_.clear();
    memory_.clear();
    row_.resize(m.properties().size());
    for (const node* n : objects) {
        encode_row(*n, row_.data(), memory_);
        for (const column* c : s.columns) {
            check_text(m, m.properties()[c->index], row_[c->index]);
            parameters_.push_back(row_[c->index]);
        }
    }
    const bool numbered = objects.size() >= least_numbered && s.returned.size() == 1 &&
                          s.returned.front()->generated &&
                          connection_.numbers_rows(m.table().name(), s.returned.front()->name);
    write_text(m, s, objects.size(), numbered);
    try {
        if (numbered) {
            connection_.execute(text_, parameters_);
            take_numbers(m, s, objects);
        } else if (s.returned.empty()) {
            connection_.execute(text_, parameters_);
        } else {
            cursor rows = connection_.open(text_, parameters_);
            read_back(m, s, objects, rows);
        }
    } catch (const foreign_key_violation& e) {
        rethrow_with_constraint(e, m, row_action::insert);
    } catch (const check_violation& e) {
        rethrow_with_table(e, m);
    } catch (const statement_error& e) {
        rethrow_with_table(e, m);
    }
    std::vector<node*>& inserted = session_.undo().inserted;
    inserted.reserve(inserted.size() + objects.size());
    for (node* n : objects) {
        n->set(node_flag::inserted);
        inserted.push_back(n);
    }
}

void persistence::write_text(const mapper& m, const shape& s, std::size_t rows, bool numbered) {
    if (text_type_ == &m && text_rows_ == rows && text_numbered_ == numbered && text_shape_ == s) return;
    const std::span<const column* const> returned = numbered ? std::span<const column* const>() : s.returned;
    text_ = compile_insert(session_.dialect(), m.table(), s.columns, rows, returned);
    text_type_ = &m;
    text_rows_ = rows;
    text_numbered_ = numbered;
    text_shape_ = s;
}

/// The keys of an INSERT whose rows the database numbered one by one.
void persistence::take_numbers(const mapper& m, const shape& s, std::span<node* const> objects) {
    const column& c = *s.returned.front();
    const property& p = m.properties()[c.index];
    std::int64_t next =
        connection_.first_key(m.table().name(), c.name, static_cast<std::int64_t>(objects.size()));
    for (node* n : objects) {
        if (!p.decode(member(*n, p), cell::of_integer(next++))) fail_returned(m);
        n->set(node_flag::key_made);
    }
}

void persistence::fail_returned(const mapper& m) const {
    throw conversion_error(
        {.code = "returned_values",
         .message = "INSERT INTO " + m.table().name() +
                    " did not hand back one value per row that fits its member, in the order of the "
                    "rows; check the types of the columns that the database fills, and its triggers",
         .sql = text_,
         .table = m.table().name()});
}

void persistence::read_back(const mapper& m, const shape& s, std::span<node* const> objects, cursor& rows) {
    const bool key_comes_back = m.has_generated_key() && s.returned.front()->generated;
    std::vector<cell_kind> kinds;
    for (const column* c : s.returned) kinds.push_back(c->type.cell());
    std::vector<cell> cells(kinds.size());
    std::size_t i = 0;
    std::int64_t previous = 0;
    for (; rows.next(); ++i) {
        bool fits = i < objects.size() && rows.read(0, kinds, cells.data()) == kinds.size();
        // Rows of one INSERT get their keys in the order of VALUES, and are handed back in it; the ascending keys prove it.
        if (fits && key_comes_back) {
            fits = i == 0 || cells[0].integer > previous;
            previous = cells[0].integer;
        }
        for (std::size_t k = 0; fits && k < s.returned.size(); ++k) {
            const property& p = m.properties()[s.returned[k]->index];
            fits = p.decode(member(*objects[i], p), cells[k]);
        }
        if (!fits) break;
        if (key_comes_back) objects[i]->set(node_flag::key_made);
    }
    if (i != objects.size()) fail_returned(m);
}

void persistence::update(node& n) {
    session_.fire(session_event::before_update, &n);
    take_keys(n);
    const mapper& m = *n.type;
    const std::span<const cell> before = n.image->current.cells();
    row_.resize(before.size());
    memory_.clear();
    encode_row(n, row_.data(), memory_);
    std::vector<const column*> set;
    std::vector<const column*> where;
    parameters_.clear();
    for (const property& p : m.properties()) {
        const std::uint32_t i = p.column->index;
        if (row_[i].same_as(before[i])) continue;
        check_text(m, p, row_[i]);
        set.push_back(p.column);
        parameters_.push_back(row_[i]);
    }
    if (set.empty()) return;
    for (const std::uint32_t i : m.key()) {
        where.push_back(m.properties()[i].column);
        parameters_.push_back(before[i]);
    }
    if (update_type_ != &m || update_set_ != set) {
        update_text_ = compile_update(session_.dialect(), m.table(), set, where);
        update_type_ = &m;
        update_set_ = set;
    }
    row_copy now = row_copy::of(row_);
    std::int64_t matched = 0;
    try {
        matched = connection_.execute(update_text_, parameters_);
    } catch (const foreign_key_violation& e) {
        rethrow_with_constraint(e, m, row_action::update);
    } catch (const check_violation& e) {
        rethrow_with_table(e, m);
    } catch (const statement_error& e) {
        rethrow_with_table(e, m);
    }
    if (matched != 1) {
        throw stale_data(
            {.code = "row_gone",
             .message = "UPDATE of a " + m.class_name() + " with " + key_text(m, before) +
                        " found no row: somebody deleted it, or changed its key; roll back and load it again",
             .sql = update_text_,
             .table = m.table().name()});
    }
    if (n.image->committed.empty()) session_.undo().updated.push_back(&n);
    session_.rekey(n, before, row_);
    if (n.image->committed.empty()) n.image->committed = std::move(n.image->current);
    n.image->current = std::move(now);
    session_.fire(session_event::after_update, &n);
}

void persistence::remove(const flush_plan::rows& group) {
    const mapper& m = *group.type;
    std::vector<const column*> key;
    for (const std::uint32_t i : m.key()) key.push_back(m.properties()[i].column);
    for (node* n : group.objects) session_.fire(session_event::before_remove, n);
    for (std::size_t first = 0; first < group.objects.size(); first += most_removed) {
        const std::size_t count = std::min(most_removed, group.objects.size() - first);
        parameters_.clear();
        memory_.clear();
        row_.resize(m.properties().size());
        for (std::size_t i = 0; i < count; ++i) {
            const node& n = *group.objects[first + i];
            if (n.image) {
                for (const std::uint32_t k : m.key()) parameters_.push_back(n.image->current.cells()[k]);
                continue;
            }
            encode_row(n, row_.data(), memory_);
            for (const std::uint32_t k : m.key()) parameters_.push_back(row_[k]);
        }
        try {
            connection_.execute(compile_delete(session_.dialect(), m.table(), key, count), parameters_);
        } catch (const foreign_key_violation& e) {
            rethrow_with_constraint(e, m, row_action::remove);
        }
        for (std::size_t i = 0; i < count; ++i) session_.undo().removed.push_back(group.objects[first + i]);
    }
}

} // namespace kin::detail
