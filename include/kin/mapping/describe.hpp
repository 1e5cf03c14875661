// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/field.hpp"
#include "kin/base/reflect.hpp"
#include "kin/mapping/attribute.hpp"
#include "kin/mapping/cascade.hpp"
#include "kin/mapping/mapper_builder.hpp"

namespace kin {

template <class T> const mapper& mapper_of();

namespace detail {

template <class M> struct member_functions;

/// Turns the options of a field type into what the mapper stores.
class option_reader {
public:
    option_reader(property& p, kin::column& c) noexcept : property_(p), column_(c) {}
    void operator()(unique_option) { unique = true; }
    void operator()(index_option) { indexed = true; }
    void operator()(no_index_option) { no_index = true; }
    void operator()(key_option) { column_.primary_key = true; }
    void operator()(length) {} // part of the type
    template <std::size_t N> void operator()(const server_default<N>& d) {
        column_.server_default = d.text.view();
    }
    template <std::size_t N> void operator()(const column_name<N>& n) { column_.name = n.name.view(); }
    template <std::size_t N> void operator()(const comment<N>& c) { column_.comment = c.text.view(); }
    void operator()(on_delete_option rule) { property_.on_delete = rule.action; }

    bool unique = false;
    bool indexed = false;
    bool no_index = false;

private:
    property& property_;
    kin::column& column_;
};

/// Adds a column of member type `M`.
template <class M> property& add_column(mapper_builder& builder, std::string_view name, std::size_t offset) {
    using traits = field_traits<M>;
    property p;
    p.name = name;
    p.offset = offset;
    p.encode = &member_functions<M>::encode;
    p.decode = &member_functions<M>::decode;
    p.reset = &member_functions<M>::reset;
    p.is_default = &member_functions<M>::is_default;
    kin::column c;
    c.name = name;
    c.type = codec<M>::type;
    c.nullable = kin::is_nullable<M>;
    p.length = c.type.length = traits::length;
    c.primary_key = traits::is_primary_key;
    if constexpr (traits::is_foreign_key) {
        p.foreign_target = &mapper_of<typename traits::target_class>;
        p.foreign_member = traits::target_member();
    }
    option_reader options(p, c);
    traits::for_each_option(options);
    property& added = builder.add_property(std::move(p), std::move(c));
    if (options.unique) builder.add_unique(added);
    if (options.indexed) builder.add_index(added);
    if (options.no_index) builder.drop_index(added);
    return added;
}

} // namespace detail

/// What `m.column<&User::name>()` gives: the options of one column.
class column_description {
public:
    column_description(mapper_builder& builder, property& p) noexcept : builder_(&builder), property_(&p) {}
    column_description& name(std::string column_name);
    column_description& unique();
    column_description& index();
    /// No index for this foreign key.
    column_description& no_index();
    /// At most `characters` characters: VARCHAR(n), checked before anything is sent.
    column_description& length(std::uint32_t characters);
    /// SQL that the database evaluates when an INSERT names no value.
    column_description& server_default(std::string sql);
    column_description& comment(std::string text);
    column_description& primary_key();
    /// The words that DDL writes for the type, instead of the dialect's own: `.type("NUMERIC(10,2)")`.
    column_description& type(std::string words);

private:
    mapper_builder* builder_;
    property* property_;
};

/// What `m.index<...>()` gives.
class index_description {
public:
    index_description(kin::table& t, std::size_t at) noexcept : table_(&t), at_(at) {}
    index_description& unique();
    index_description& name(std::string text);

private:
    kin::table* table_;
    std::size_t at_;
};

/// What `m.relationship<&User::posts>()` gives.
class relationship_description {
public:
    explicit relationship_description(relationship& r) noexcept : relationship_(&r) {}
    relationship_description& cascade(kin::cascade words) {
        relationship_->cascades = words;
        return *this;
    }
    /// Order of a loaded collection: a column, or `kin::col<&Post::id>.desc()`.
    template <auto Member> relationship_description& order_by(const attribute<Member>&) {
        relationship_->order_by_sources.push_back([] { return attribute<Member>().asc().term(); });
        return *this;
    }
    template <auto Member, sort_direction Direction>
    relationship_description& order_by(const attribute_order<Member, Direction>&) {
        relationship_->order_by_sources.push_back([] { return attribute_order<Member, Direction>().term(); });
        return *this;
    }
    /// How it loads when a query says nothing else.
    relationship_description& lazy(loader_strategy s) {
        relationship_->lazy = s;
        return *this;
    }

private:
    relationship* relationship_;
};

/// What the function `describe(kin::mapping<User>& m)` beside a class fills: everything about the mapping that does not fit
/// into a member's type. Found by argument type, called once per process.
template <class T> class mapping {
public:
    explicit mapping(mapper_builder& builder) noexcept : builder_(builder) {}

    void table(std::string name) { builder_.table().set_name(std::move(name)); }
    void comment(std::string text) { builder_.table().comment = std::move(text); }
    /// CHECK (sql); written by the programmer, never from input.
    void check(std::string sql, std::string name = {}) {
        builder_.table().checks.push_back({std::move(name), std::move(sql)});
    }

    /// The options of a column. For a class that is no aggregate, or not yours to change, this is what adds the column.
    template <auto Member> column_description column() {
        if (property* known = builder_.find_property(offset_of<Member>())) return {builder_, *known};
        using member = std::remove_cvref_t<decltype(std::declval<const T&>().*Member)>;
        static_assert(storable<member>,
                      "kin: this member has a type that kin cannot store; specialise kin::codec<Type>");
        return {builder_, detail::add_column<member>(builder_, reflect::member_pointer_name<Member>(),
                                                     offset_of<Member>())};
    }
    template <auto... Members> void primary_key() { builder_.set_key({column_index<Members>()...}); }
    template <auto... Members> index_description index() {
        builder_.table().indexes.push_back({{}, {column_index<Members>()...}, false});
        return {builder_.table(), builder_.table().indexes.size() - 1};
    }
    template <auto... Members> void unique() {
        builder_.table().uniques.push_back({{}, {column_index<Members>()...}});
    }
    template <auto Member> relationship_description relationship() {
        return relationship_description(*builder_.find_relationship(offset_of<Member>()));
    }

private:
    template <auto Member> [[nodiscard]] static std::size_t offset_of() {
        return detail::offset_of<T, Member>();
    }
    template <auto Member> [[nodiscard]] std::uint32_t column_index() {
        column<Member>();
        return builder_.find_property(offset_of<Member>())->column->index;
    }
    mapper_builder& builder_;
};

} // namespace kin
