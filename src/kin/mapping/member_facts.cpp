// SPDX-License-Identifier: MIT
#include "kin/mapping/member_facts.hpp"

#include <utility>

namespace kin::detail {

void column_draft::set_default(std::string_view sql) { column.server_default = sql; }
void column_draft::set_name(std::string_view name) { column.name = name; }
void column_draft::set_comment(std::string_view text) { column.comment = text; }

property& add_column(mapper_builder& builder, const column_facts& facts, std::string_view name,
                     std::size_t offset) {
    column_draft draft;
    draft.property.name = name;
    draft.property.offset = offset;
    draft.property.encode = facts.encode;
    draft.property.decode = facts.decode;
    draft.property.reset = facts.reset;
    draft.property.take = facts.take;
    draft.property.is_default = facts.is_default;
    draft.property.length = facts.type.length;
    draft.property.foreign_target = facts.foreign_target;
    draft.property.foreign_member = facts.foreign_member;
    draft.column.name = name;
    draft.column.type = facts.type;
    draft.column.nullable = facts.nullable;
    draft.column.primary_key = facts.primary_key;
    if (facts.read_options) facts.read_options(draft);
    property& added = builder.add_property(std::move(draft.property), std::move(draft.column));
    if (draft.unique) builder.add_unique(added);
    if (draft.indexed) builder.add_index(added);
    if (draft.no_index) builder.drop_index(added);
    if (draft.version) builder.set_version(added);
    return added;
}

relationship& add_relationship(mapper_builder& builder, const member_facts& facts, std::size_t offset) {
    relationship r;
    r.name = facts.name;
    r.kind = facts.kind;
    r.offset = offset;
    r.target = facts.target;
    (r.is_reference() ? r.key_member : r.inverse_member) = facts.other;
    return builder.add_relationship(std::move(r));
}

void add_members(mapper_builder& builder, std::span<const member_facts> members, const std::size_t* offsets) {
    for (const member_facts& m : members) {
        const std::size_t offset = *offsets++;
        if (m.column)
            add_column(builder, *m.column, m.name, offset);
        else
            add_relationship(builder, m, offset);
    }
}

} // namespace kin::detail
