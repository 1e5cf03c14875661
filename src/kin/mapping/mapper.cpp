// SPDX-License-Identifier: MIT
#include "kin/mapping/mapper.hpp"

#include <algorithm>

#include "kin/base/error.hpp"
#include "kin/schema/metadata.hpp"
#include "mapper_configuration.hpp"

namespace kin {

std::string relationship::qualified_name() const { return owner->class_name() + "." + name; }

mapper::mapper(std::string_view class_name, std::string table_name, class_functions functions)
    : class_name_(class_name),
      table_(std::move(table_name)),
      functions_(functions) {}

mapper::~mapper() = default;

const property* mapper::find_property(std::string_view member) const noexcept {
    for (const property& p : properties_) {
        if (p.name == member) return &p;
    }
    return nullptr;
}

const relationship* mapper::find_relationship(std::string_view member) const noexcept {
    for (const relationship& r : relationships_) {
        if (r.name == member) return &r;
    }
    return nullptr;
}

const property& mapper::property_at(std::size_t offset) const {
    for (const property& p : properties_) {
        if (p.offset == offset) return p;
    }
    throw mapping_error({.code = "member_not_mapped",
                         .message = "this member of " + class_name_ + " is no column; add it with " +
                                    "m.column<&" + class_name_ + "::member>() in describe",
                         .sql = {}});
}

const relationship& mapper::relationship_at(std::size_t offset) const {
    for (const relationship& r : relationships_) {
        if (r.offset == offset) return r;
    }
    throw mapping_error({.code = "member_not_mapped",
                         .message = "this member of " + class_name_ + " is no relationship",
                         .sql = {}});
}

void mapper::configure() const {
    if (is_configured()) return;
    // Mappers are made non-const by mapper_of and seen as const by everybody else.
    mapper_configuration::run(const_cast<mapper&>(*this));
}

void detail::add_associations(metadata& m, const mapper& of) {
    for (const relationship& r : of.relationships()) {
        if (!r.is_many_to_many()) continue;
        const kin::table& between = *r.through->table;
        const bool known = std::any_of(m.tables().begin(), m.tables().end(), [&](const kin::table* t) {
            return t->qualified() == between.qualified();
        });
        if (!known) m.add(between);
    }
}

} // namespace kin
