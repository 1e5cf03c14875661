// SPDX-License-Identifier: MIT
#include "row_cells.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "kin/base/error.hpp"
#include "kin/base/utf8.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

cell row_cell(const node& n, const property& p, scratch& memory) {
    return n.image ? n.image->current.cells()[p.column->index] : member_cell(n, p, memory);
}

void row_key(const node& n, cell* out, scratch& memory) {
    for (const std::uint32_t i : n.type->key()) *out++ = row_cell(n, n.type->properties()[i], memory);
}

void put(node& n, const property& p, const cell& c) {
    if (p.decode(member_of(n, p), c)) return;
    const mapper& m = *n.type;
    throw data_error({.code = "value_out_of_range",
                      .message = m.class_name() + "." + p.name + ": the value that column " +
                                 m.table().name() + "." + p.column->name +
                                 " gets does not fit the member; give it a wider type",
                      .sql = {},
                      .table = m.table().name(),
                      .column = p.column->name});
}

void fail_out_of_range(const mapper& m, const property& p) {
    throw data_error({.code = "value_out_of_range",
                      .message = m.class_name() + "." + p.name + ": the value does not fit into column " +
                                 m.table().name() + "." + p.column->name,
                      .sql = {},
                      .table = m.table().name(),
                      .column = p.column->name});
}

namespace {

[[noreturn]] void refuse(const char* code, const mapper& m, const property& p, const std::string& what) {
    throw data_error({.code = code,
                      .message = m.class_name() + "." + p.name + ": " + what + " (column " +
                                 m.table().name() + "." + p.column->name + ")",
                      .sql = {},
                      .table = m.table().name(),
                      .column = p.column->name});
}

void check_text(const mapper& m, const property& p, const cell& c) {
    if (!is_valid_utf8(c.bytes())) {
        refuse("invalid_utf8", m, p,
               "the text is not valid UTF-8; convert it, or map the member as std::vector<std::byte>");
    }
    const bool fixed = p.column->type.fixed_length;
    if (p.length == 0 || (c.size <= p.length && !fixed)) return;
    const std::size_t characters = code_points(c.bytes());
    if (characters > p.length) {
        refuse("text_too_long", m, p,
               "the text has " + std::to_string(characters) + " characters, the column takes " +
                   std::to_string(p.length) + "; shorten it, or widen the column");
    }
    if (fixed && characters != p.length) {
        refuse("wrong_length", m, p,
               "the text has " + std::to_string(characters) +
                   " characters, and every text of the column has " + std::to_string(p.length) +
                   "; fill it up, or take kin::length for texts of different lengths");
    }
}

void check_digits(const mapper& m, const property& p, const cell& c) {
    const column_type& type = p.column->type;
    if (type.precision == 0) return;
    std::string_view digits = c.bytes();
    if (digits.starts_with('-')) digits.remove_prefix(1);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::size_t before = digits.starts_with('0') ? 0 : point;
    const std::size_t after = point == digits.size() ? 0 : digits.size() - point - 1;
    const std::size_t room = type.precision - std::min(type.precision, type.scale);
    if (after > type.scale) {
        refuse("number_too_long", m, p,
               "the number has " + std::to_string(after) + " digits after the point, the column takes " +
                   std::to_string(type.scale) + "; round it (kin::decimal::rounded), or widen the column");
    }
    if (before > room) {
        refuse("number_too_long", m, p,
               "the number has " + std::to_string(before) + " digits before the point, the column takes " +
                   std::to_string(room) + "; store a smaller one, or widen the column");
    }
}

bool is_unset(const node& n, const relationship& r) {
    return std::all_of(r.keys.begin(), r.keys.end(), [&](const relationship::key_pair& k) {
        const property& p = n.type->properties()[k.foreign];
        return p.is_default(member_of(n, p)) && p.column->server_default.empty();
    });
}

/// A reference to nobody whose key cannot be NULL: the key is 0 or an empty text, which may be the key of a row that nobody meant.
[[nodiscard]] bool lacks_target(node& n, const relationship& r) {
    if (!r.required || !is_unset(n, r)) return false;
    // A key that was set to 0 by hand leads to somebody: the reference is open then.
    if (has_row(n)) return reference_of(n, r).is_resolved() && foreign_key_changed(n, r);
    return r.target().has_generated_key(); // any other may well be 0
}

[[noreturn]] void refuse_no_target(const node& n, const relationship& r) {
    const table& t = n.type->table();
    const std::string& column = t.columns()[r.keys.front().foreign].name;
    error_details details{.code = "foreign_key_violation",
                          .message = r.qualified_name() + (has_row(n) ? " was unset" : " was not set") +
                                     ", and " + t.name() + "." + column +
                                     " may not be NULL; link the object to another one, remove it, or make "
                                     "the key std::optional",
                          .sql = {},
                          .table = t.name(),
                          .column = column};
    for (const foreign_key_constraint& key : t.foreign_keys) {
        if (key.columns.front() == r.keys.front().foreign) details.constraint = t.name_of(key);
    }
    throw foreign_key_violation(std::move(details));
}

} // namespace

void check_limits(const mapper& m, const property& p, const cell& c) {
    if (c.kind == cell_kind::text) return check_text(m, p, c);
    if (c.kind == cell_kind::decimal) return check_digits(m, p, c);
}

bool take_keys(node& n) {
    bool changed = false;
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const belongs_to_base& reference = reference_of(n, r);
        follow_foreign_key(n, r); // a handler may have set it by hand
        node* target = reference.known();
        if (!target) {
            if (lacks_target(n, r)) refuse_no_target(n, r);
            continue;
        }
        if (!has_key(*target)) {
            throw state_error(
                {.code = "unsaved_target",
                 .message = r.qualified_name() + " refers to a " + target->type->class_name() +
                            (target->context ? " that came into the session during the flush, so "
                                               "it has no row yet; link it before, or in before_flush"
                                             : " that is in no session; add it, or unset the reference"),
                 .sql = {},
                 .table = n.type->table().name()});
        }
        bool moved = false;
        for (const relationship::key_pair& k : r.keys) {
            scratch memory;
            const property& foreign = n.type->properties()[k.foreign];
            const cell wanted = row_cell(*target, target->type->properties()[k.referenced], memory);
            if (wanted.same_as(member_cell(n, foreign, memory))) continue;
            put(n, foreign, wanted);
            moved = true;
        }
        if (!moved) continue;
        reference.resolve(target, key_fingerprint(n, r));
        changed = true;
    }
    return changed;
}

} // namespace kin::detail
