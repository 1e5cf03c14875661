// SPDX-License-Identifier: MIT
#include "insert_writer.hpp"

#include <algorithm>
#include <cstdint>

#include "bound_values.hpp"
#include "column_checks.hpp"
#include "column_defaults.hpp"
#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/sql/compiler.hpp"
#include "make_room.hpp"
#include "renew.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 1000;           // of one INSERT
constexpr std::size_t most_rows_to_copy = 10'000; // whose copy is in memory at once
constexpr std::size_t least_numbered = 32;        // rows from which asking the driver for numbers pays

/// The database makes the column's value when the program left it as it was made.
bool left_to_database(const node& n, const property& p) {
    return p.is_made_by_database() && p.is_default(member_of(n, p));
}

} // namespace

bool insert_writer::has_shape(const node& n, const shape& s) {
    for (const property& p : n.type->properties()) {
        if (!p.is_made_by_database()) continue;
        const bool returned = std::find(s.returned.begin(), s.returned.end(), p.column) != s.returned.end();
        if (left_to_database(n, p) != returned) return false;
    }
    return true;
}

insert_writer::shape insert_writer::shape_of(const node& n) {
    shape s;
    for (const property& p : n.type->properties()) {
        if (!left_to_database(n, p)) {
            s.columns.push_back(p.column);
            continue;
        }
        if (p.at_insert() && p.at_insert()->is_sql()) s.computed.push_back(p.column);
        s.returned.insert(p.column->generated ? s.returned.begin() : s.returned.end(), p.column);
    }
    return s;
}

/// Where there is no RETURNING, a row is written alone and the driver asked for its key. Throws: compile_error (unsupported_feature)
/// when the database is to make another value.
bool insert_writer::must_ask_for_key(const shape& s) const {
    if (s.returned.empty() || session_.dialect().supports(feature::returning)) return false;
    if (s.returned.size() == 1 && s.returned.front()->generated) return true;
    const column& made = s.returned.front()->generated ? *s.returned[1] : *s.returned.front();
    throw compile_error({.code = "unsupported_feature",
                         .message = std::string(session_.dialect().name()) +
                                    " has no RETURNING here, so the value that it makes for the column " +
                                    made.name + " cannot be read back; set the member before the flush",
                         .sql = {},
                         .column = made.name});
}

/// A row begins with version 1, unless the program has said another.
void insert_writer::begin_version(node& n) {
    const property* version = n.type->version();
    if (!version || !version->is_default(member_of(n, *version))) return;
    put(n, *version, cell::of_integer(1));
    n.set(node_flag::version_made);
}

void insert_writer::write(const mapper& m, std::span<node* const> objects) {
    const std::size_t limit = session_.dialect().limits().parameters;
    const bool many = session_.dialect().supports(feature::multi_row_insert);
    const bool handled = session_.events().has(session_event::before_insert);
    for (node* n : objects) {
        session_.fire(session_event::before_insert, n);
        if (handled) check_new_values(*n); // a handler may have set them
        take_keys(*n);
        begin_version(*n);
    }
    std::size_t first = 0;
    while (first < objects.size()) {
        const shape s = shape_of(*objects[first]);
        begin_shape(m, s);
        if (const std::size_t copied = copy(m, s, objects.subspan(first)); copied != 0) {
            first += copied;
            continue;
        }
        const std::size_t width = s.columns.size() + constants_.size();
        const bool alone = !many || (s.columns.empty() && s.computed.empty()) || must_ask_for_key(s);
        const std::size_t fitting = width == 0 ? most_rows : std::min(most_rows, limit / width);
        const std::size_t most = alone ? 1 : std::max<std::size_t>(1, fitting);
        std::size_t last = first + 1;
        while (last < objects.size() && last - first < most && has_shape(*objects[last], s)) ++last;
        insert_batch(m, s, objects.subspan(first, last - first));
        first = last;
    }
}

void insert_writer::begin_shape(const mapper& m, const shape& s) {
    computed_ = computed_at_insert(m, s.computed);
    constants_ = parameters_of(session_.dialect(), nullptr, computed_);
}

/// What the database makes for new rows goes from their members when the rows go. The key knows by itself.
void insert_writer::note_made(const mapper& m, const shape& s, std::span<node* const> objects) {
    std::vector<const property*> made;
    for (const column* c : s.returned) {
        if (!c->generated) made.push_back(&m.properties()[c->index]);
    }
    if (made.empty()) return;
    make_room(session_.undo().made, objects.size() * made.size());
    for (node* n : objects) {
        for (const property* p : made) session_.undo().made.push_back({n, p});
    }
}

/// Has the database load rows of which nothing is to be read back, when they are many. Returns how many it took.
std::size_t insert_writer::copy(const mapper& m, const shape& s, std::span<node* const> objects) {
    const std::size_t fewest = session_.dialect().limits().fewest_rows_to_copy;
    if (fewest == 0 || objects.size() < fewest || !s.returned.empty()) return 0;
    std::size_t rows = 1;
    while (rows < objects.size() && rows < most_rows_to_copy && has_shape(*objects[rows], s)) ++rows;
    if (rows < fewest) return 0;
    const std::span<node* const> some = objects.first(rows);
    encode(m, s, some);
    try {
        if (!connection_.copy_in(m.table(), s.columns, values_->cells)) return 0;
    } catch (...) {
        rethrow_of_insert(session_.dialect(), m);
    }
    note_inserted(some);
    return rows;
}

void insert_writer::encode(const mapper& m, const shape& s, std::span<node* const> objects) {
    renew(values_);
    row_.resize(m.properties().size());
    std::vector<const property*> properties;
    for (const column* c : s.columns) properties.push_back(&m.properties()[c->index]);
    std::vector<cell> constants = views_of(constants_);
    for (cell& c : constants) {
        if (c.is_bytes()) c.data = values_->memory.copy(c.bytes()).data(); // the answer may come late
    }
    values_->cells.reserve(objects.size() * (properties.size() + constants.size()));
    for (const node* n : objects) {
        encode_row(*n, row_.data(), values_->memory);
        for (const property* p : properties) {
            const cell& c = row_[p->column->index];
            check_limits(m, *p, c);
            values_->cells.push_back(c);
        }
        for (const cell& c : constants) values_->cells.push_back(c);
    }
}

void insert_writer::note_inserted(std::span<node* const> objects) {
    std::vector<node*>& inserted = session_.undo().inserted;
    make_room(inserted, objects.size());
    for (node* n : objects) {
        n->set(node_flag::inserted);
        inserted.push_back(n);
    }
}

void insert_writer::insert_batch(const mapper& m, const shape& s, std::span<node* const> objects) {
    encode(m, s, objects);
    const bool numbered =
        must_ask_for_key(s) ||
        (objects.size() >= least_numbered && s.returned.size() == 1 && s.returned.front()->generated &&
         connection_.numbers_rows(m.table().qualified(), s.returned.front()->name));
    write_text(m, s, objects.size(), numbered);
    connection_.send(text_, values_, [this, &m, s, objects, numbered](const pending_answer& answer) {
        accept(m, s, objects, numbered, answer);
    });
}

/// The rows are there.
void insert_writer::accept(const mapper& m, const shape& s, std::span<node* const> objects, bool numbered,
                           const pending_answer& answer) {
    note_made(m, s, objects);
    try {
        if (numbered || s.returned.empty()) {
            answer.affected_rows();
        } else {
            cursor rows = answer.take();
            read_back(m, s, objects, rows, answer.sql());
        }
    } catch (...) {
        rethrow_of_insert(session_.dialect(), m);
    }
    if (numbered) take_numbers(m, s, objects);
    note_inserted(objects);
}

void insert_writer::write_text(const mapper& m, const shape& s, std::size_t rows, bool numbered) {
    if (text_type_ == &m && text_rows_ == rows && text_numbered_ == numbered && text_shape_ == s) return;
    const std::span<const column* const> returned = numbered ? std::span<const column* const>() : s.returned;
    text_ = compile_insert(session_.dialect(), m.table(), s.columns, rows, returned, computed_);
    text_type_ = &m;
    text_rows_ = rows;
    text_numbered_ = numbered;
    text_shape_ = s;
}

/// The keys of an INSERT whose rows the database numbered one by one.
void insert_writer::take_numbers(const mapper& m, const shape& s, std::span<node* const> objects) {
    const column& c = *s.returned.front();
    const property& p = m.properties()[c.index];
    std::int64_t next =
        connection_.first_key(m.table().qualified(), c.name, static_cast<std::int64_t>(objects.size()));
    for (node* n : objects) {
        if (!p.decode(member_of(*n, p), cell::of_integer(next++))) fail_returned(m, text_);
        n->set(node_flag::key_made);
    }
}

void insert_writer::fail_returned(const mapper& m, std::string_view sql) {
    throw conversion_error(
        {.code = "returned_values",
         .message = "INSERT INTO " + m.table().name() +
                    " did not hand back one value per row that fits its member, in the order of the "
                    "rows; check the types of the columns that the database fills, and its triggers",
         .sql = std::string(sql),
         .table = m.table().name()});
}

void insert_writer::read_back(const mapper& m, const shape& s, std::span<node* const> objects, cursor& rows,
                              std::string_view sql) {
    const bool key_comes_back = m.has_generated_key() && s.returned.front()->generated;
    std::vector<cell_kind> kinds;
    std::vector<const property*> properties;
    for (const column* c : s.returned) {
        kinds.push_back(c->type.cell());
        properties.push_back(&m.properties()[c->index]);
    }
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
        for (std::size_t k = 0; fits && k < properties.size(); ++k)
            fits = properties[k]->decode(member_of(*objects[i], *properties[k]), cells[k]);
        if (!fits) break;
        if (key_comes_back) objects[i]->set(node_flag::key_made);
    }
    if (i != objects.size()) fail_returned(m, sql);
}

} // namespace kin::detail
