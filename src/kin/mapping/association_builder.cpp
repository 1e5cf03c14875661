// SPDX-License-Identifier: MIT
#include "association_builder.hpp"

#include <tuple>
#include <utility>

namespace kin {

void association_builder::fault(const relationship& r, const std::string& text) {
    faults_.push_back("relationship " + r.qualified_name() + ": " + text);
}

/// The named member of the other class, else its only many_to_many back.
relationship* association_builder::other_side(const relationship& r) {
    relationship* found = nullptr;
    std::size_t candidates = 0;
    for (const relationship& c : r.target().relationships()) {
        if (!c.is_many_to_many() || &c.target() != r.owner || &c == &r) continue;
        if (!r.inverse_member.empty() && c.name != r.inverse_member) continue;
        // The other one may name its partner.
        if (r.inverse_member.empty() && !c.inverse_member.empty() && c.inverse_member != r.name) continue;
        found = const_cast<relationship*>(&c);
        ++candidates;
    }
    if (candidates > 1 || (candidates == 0 && !r.inverse_member.empty())) {
        fault(r, r.target().class_name() +
                     (candidates == 0 ? " has no many_to_many named " + r.inverse_member + " back to "
                                      : " has several many_to_many back to ") +
                     r.owner->class_name() + "; name one: kin::many_to_many<" + r.target().class_name() +
                     ", \"member\">");
        return nullptr;
    }
    return found;
}

std::string association_builder::table_name(const relationship& r, const relationship* other) const {
    if (!r.association_table.empty()) return r.association_table;
    if (other && !other->association_table.empty()) return other->association_table;
    const std::string& own = r.owner->table().name();
    const std::string& theirs = r.target().table().name();
    if (own == theirs) return own + "_" + r.name;
    return own < theirs ? own + "_" + theirs : theirs + "_" + own;
}

/// What a side says, else the schema of the side that begins.
std::string association_builder::table_schema(const relationship& r, const relationship* other) {
    if (r.association_schema) return *r.association_schema;
    if (other && other->association_schema) return *other->association_schema;
    return r.owner->table().schema();
}

/// The key of one class as columns: foreign key to it, part of the primary key.
void association_builder::add_end(association& a, std::size_t which, const relationship& r,
                                  const relationship* other, const mapper& type,
                                  std::vector<std::string> names) {
    association::end& e = a.ends[which];
    e.type = &type;
    const bool with_itself = r.owner == &r.target();
    foreign_key_constraint refers{
        {}, {}, type.table().name(), {}, r.on_delete.value_or(referential_action::cascade)};
    refers.target_schema = type.table().schema();
    if (!type.has_generated_key()) refers.on_update = referential_action::cascade;
    if (!r.on_delete && other && other->on_delete) refers.on_delete = *other->on_delete;
    if (refers.on_delete != referential_action::cascade) a.deletes_itself = false;
    if (!names.empty() && names.size() != type.key().size()) {
        fault(r, "the key of " + type.class_name() + " has " + std::to_string(type.key().size()) +
                     " columns; columns() must name as many");
        names.clear();
    }
    for (std::size_t i = 0; i < type.key().size(); ++i) {
        const property& p = type.properties()[type.key()[i]];
        column c;
        const std::string prefix = with_itself && which == 1 ? r.name : type.table().name();
        c.name = names.empty() ? prefix + "_" + p.column->name : names[i];
        c.type = p.column->type;
        c.type_words = p.column->type_words;
        c.primary_key = true;
        if (a.table->find_column(c.name)) {
            fault(r, "both keys would be stored in column " + c.name + " of " + a.table->name() +
                         "; name them: m.relationship<...>().columns(\"own\", \"others\")");
            c.name += "_" + std::to_string(a.table->columns().size());
        }
        refers.target_columns.push_back(p.column->name);
        e.referenced.push_back(type.key()[i]);
        const column& added = a.table->add_column(std::move(c));
        e.columns.push_back(added.index);
        refers.columns.push_back(added.index);
    }
    if (which == 1) a.table->indexes.push_back({{}, refers.columns, false});
    a.table->foreign_keys.push_back(std::move(refers));
}

bool association_builder::is_taken(const qualified_name& name, const association& own) const {
    for (const mapper* m : reached_) {
        for (const association& a : m->associations()) {
            if (&a != &own && a.table->qualified() == name) return true;
        }
    }
    return false;
}

/// The table must not depend on the class that is asked for first. The side that names the columns begins, else the one whose
/// table comes first in the name of the table between.
bool association_builder::begins(const relationship& r, const relationship& other) const {
    if (r.near_columns.empty() != other.near_columns.empty()) return other.near_columns.empty();
    const kin::table& own = r.owner->table();
    const kin::table& theirs = other.owner->table();
    return std::tie(own.name(), own.schema()) <= std::tie(theirs.name(), theirs.schema());
}

void association_builder::join(relationship& r) {
    if (r.through) return;
    relationship* other = other_side(r);
    if (other && other->through) {
        fault(r,
              other->qualified_name() + " answers another many_to_many already; name the other side of each");
        return;
    }
    if (other && !begins(r, *other))
        make_table(*other, &r);
    else
        make_table(r, other);
}

void association_builder::make_table(relationship& r, relationship* other) {
    mapper& m = const_cast<mapper&>(*r.owner);
    association& a = m.associations_.emplace_back();
    a.table = std::make_unique<kin::table>(table_name(r, other), table_schema(r, other));
    if (is_taken(a.table->qualified(), a)) {
        fault(r,
              "its table " + a.table->name() +
                  " belongs to another many_to_many; name another one: m.relationship<...>().table(\"...\")");
    }
    const auto columns = [&](const relationship* side, std::vector<std::string> relationship::* mine,
                             std::vector<std::string> relationship::* theirs) {
        if (!(r.*mine).empty() || !side) return r.*mine;
        return side->*theirs;
    };
    add_end(a, 0, r, other, m, columns(other, &relationship::near_columns, &relationship::far_columns));
    add_end(a, 1, r, other, r.target(),
            columns(other, &relationship::far_columns, &relationship::near_columns));
    a.ends[0].side = &r;
    a.ends[1].side = other;
    m.linked_.store(true, std::memory_order_relaxed);
    const_cast<mapper&>(r.target()).linked_.store(true, std::memory_order_relaxed);
    r.through = &a;
    r.near = 0;
    r.inverse = other;
    if (!other) return;
    other->through = &a;
    other->near = 1;
    other->inverse = &r;
}

} // namespace kin
