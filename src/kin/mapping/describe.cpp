// SPDX-License-Identifier: MIT
#include "kin/mapping/describe.hpp"

#include "kin/mapping/model.hpp"

#include "column_rules.hpp"

namespace kin {

namespace detail {

void column_options::name(std::string column_name) {
    builder_->column_of(*property_).name = std::move(column_name);
}

void column_options::unique() { builder_->add_unique(*property_); }

void column_options::index() { builder_->add_index(*property_); }

void column_options::no_index() { builder_->drop_index(*property_); }

void column_options::length(std::uint32_t characters) {
    builder_->column_of(*property_).type.length = characters;
    property_->length = characters;
}

void column_options::fixed_length(std::uint32_t characters) {
    builder_->column_of(*property_).type.fixed_length = true;
    length(characters);
}

void column_options::precision(std::uint8_t digits, std::uint8_t scale) {
    column_type& type = builder_->column_of(*property_).type;
    type.precision = digits;
    type.scale = scale;
}

void column_options::server_default(std::string sql) {
    builder_->column_of(*property_).server_default = std::move(sql);
}

void column_options::comment(std::string text) { builder_->column_of(*property_).comment = std::move(text); }

void column_options::primary_key() { builder_->set_key({property_->column->index}); }

void column_options::version() { builder_->set_version(*property_); }

void column_options::type(std::string words) {
    builder_->column_of(*property_).type_words = std::move(words);
}

void column_options::validate(std::unique_ptr<column_validator> v) {
    builder_->add_validator(*property_, std::move(v));
}

void column_options::on_set(std::unique_ptr<column_set_handler> h) {
    builder_->add_set_handler(*property_, std::move(h));
}

void column_options::set_default(moment_of_default when, std::unique_ptr<value_maker> m, bool needs_object) {
    builder_->set_default(*property_, when, {.maker = std::move(m), .needs_object = needs_object});
}

void column_options::set_default(moment_of_default when, std::unique_ptr<sql_source> s) {
    builder_->set_default(*property_, when, {.source = std::move(s)});
}

void column_options::set_default(moment_of_default when, expression sql) {
    builder_->set_default(*property_, when, {.sql = std::move(sql)});
}

} // namespace detail

index_description& index_description::unique() {
    table_->indexes[at_].unique = true;
    return *this;
}

index_description& index_description::name(std::string text) {
    table_->indexes[at_].name = std::move(text);
    return *this;
}

namespace detail {

bool encode_alike(bool (*encode)(const void* member, encoder out), const void* a, const void* b) {
    cell first, second;
    scratch memory;
    return encode(a, encoder{first, memory}) && encode(b, encoder{second, memory}) && first.same_as(second);
}

std::uint32_t encode_by_property(const mapper& m, const void* object, cell* out, scratch& memory) {
    std::uint32_t i = 0;
    for (const property& p : m.properties()) {
        if (!p.encode(static_cast<const char*>(object) + p.offset, encoder{out[i], memory})) return i;
        ++i;
    }
    return i;
}

std::uint32_t decode_by_property(const mapper& m, void* object, const cell* in) {
    std::uint32_t i = 0;
    for (const property& p : m.properties()) {
        if (!p.decode(static_cast<char*>(object) + p.offset, in[i])) return i;
        ++i;
    }
    return i;
}

} // namespace detail
foreign_key_description::foreign_key_description(mapper_builder& builder,
                                                 const std::vector<std::uint32_t>& columns)
    : builder_(&builder),
      at_(builder.foreign_key_of(columns)) {}

foreign_key_rule& foreign_key_description::rule() const noexcept { return builder_->foreign_key_at(at_); }

foreign_key_description& foreign_key_description::name(std::string text) {
    rule().name = std::move(text);
    return *this;
}

foreign_key_description& foreign_key_description::deferrable() {
    rule().says_when = true;
    rule().checked = key_check::on_request;
    return *this;
}

foreign_key_description& foreign_key_description::deferred() {
    rule().says_when = true;
    rule().checked = key_check::at_commit;
    return *this;
}

foreign_key_description& foreign_key_description::on_delete(on_delete_option o) {
    for (const std::uint32_t i : rule().columns) builder_->property_of(i).on_delete = o.action;
    return *this;
}

foreign_key_description& foreign_key_description::on_update(on_update_option o) {
    for (const std::uint32_t i : rule().columns) builder_->property_of(i).on_update = o.action;
    return *this;
}

} // namespace kin
