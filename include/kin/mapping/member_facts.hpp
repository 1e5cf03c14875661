// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kin/base/encoder.hpp"
#include "kin/base/options.hpp"
#include "kin/mapping/mapper_builder.hpp"

// What the typed front says about a member is data in constant tables; ordinary code fills the mapper from it.

namespace kin::detail {

/// A column before it is added, and what its options wish for.
class column_draft {
public:
    void operator()(unique_option) { unique = true; }
    void operator()(index_option) { indexed = true; }
    void operator()(no_index_option) { no_index = true; }
    void operator()(key_option) { column.primary_key = true; }
    void operator()(version_option) { version = true; }
    void operator()(length) {} // these are part of the type
    void operator()(fixed_length) {}
    void operator()(precision) {}
    void operator()(on_delete_option rule) { property.on_delete = rule.action; }
    void operator()(on_update_option rule) { property.on_update = rule.action; }
    void operator()(deferrable_option) { property.checked = key_check::on_request; }
    void operator()(initially_deferred_option) { property.checked = key_check::at_commit; }
    template <std::size_t N> void operator()(const server_default<N>& d) { set_default(d.text.view()); }
    template <std::size_t N> void operator()(const column_name<N>& n) { set_name(n.text.view()); }
    template <std::size_t N> void operator()(const comment<N>& c) { set_comment(c.text.view()); }

    kin::property property = {};
    kin::column column = {};
    bool unique = false;
    bool indexed = false;
    bool no_index = false;
    bool version = false;

private:
    void set_default(std::string_view sql);
    void set_name(std::string_view name);
    void set_comment(std::string_view text);
};

/// What a member's type says about its column.
struct column_facts {
    bool (*encode)(const void* member, encoder out) = nullptr;
    bool (*decode)(void* member, const cell& in) = nullptr;
    void (*reset)(void* member) = nullptr;
    void (*take)(void* member, void* from) = nullptr;
    bool (*is_default)(const void* member) = nullptr;
    column_type type = {};
    bool nullable = false;
    bool primary_key = false;
    const mapper& (*foreign_target)() = nullptr; // null: no foreign key
    std::string_view foreign_member = {};
    void (*read_options)(column_draft& draft) = nullptr; // null: no options
};

/// A member of a class: a column, or a relationship.
struct member_facts {
    std::string_view name;
    const column_facts* column = nullptr; // null: a relationship
    relationship_kind kind = relationship_kind::belongs_to;
    const mapper& (*target)() = nullptr;
    std::string_view other = {}; // the member that it refers to; empty: the mapper's configuration finds it
};

property& add_column(mapper_builder& builder, const column_facts& facts, std::string_view name,
                     std::size_t offset);
relationship& add_relationship(mapper_builder& builder, const member_facts& facts, std::size_t offset);
void add_members(mapper_builder& builder, std::span<const member_facts> members, const std::size_t* offsets);

} // namespace kin::detail
