// SPDX-License-Identifier: MIT
#include "row_cells.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/base/utf8.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

cell member_cell(const node& n, const property& p, scratch& memory) {
    cell c;
    return p.encode(member_of(n, p), encoder{c, memory}) ? c : cell();
}

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

void check_text(const mapper& m, const property& p, const cell& c) {
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

void take_keys(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (!r.is_reference()) continue;
        const belongs_to_base& reference = reference_of(n, r);
        if (reference.is_resolved()) follow_foreign_key(n, r); // a handler may have set it by hand
        node* target = reference.is_resolved() ? reference.known() : nullptr;
        if (!target) continue;
        if (!has_key(*target)) {
            throw state_error({.code = "unsaved_target",
                               .message = r.qualified_name() + " refers to a " + target->type->class_name() +
                                          " that is in no session; add it, or unset the reference",
                               .sql = {},
                               .table = n.type->table().name()});
        }
        scratch memory;
        for (const relationship::key_pair& k : r.keys) {
            put(n, n.type->properties()[k.foreign],
                row_cell(*target, target->type->properties()[k.referenced], memory));
        }
        reference.resolve(target, key_fingerprint(n, r));
    }
}

} // namespace kin::detail
