// SPDX-License-Identifier: MIT
#include "kin/mapping/describe.hpp"

#include "kin/mapping/model.hpp"

namespace kin {

column_description& column_description::name(std::string column_name) {
    builder_->column_of(*property_).name = std::move(column_name);
    return *this;
}

column_description& column_description::unique() {
    builder_->add_unique(*property_);
    return *this;
}

column_description& column_description::index() {
    builder_->add_index(*property_);
    return *this;
}

column_description& column_description::no_index() {
    builder_->drop_index(*property_);
    return *this;
}

column_description& column_description::length(std::uint32_t characters) {
    builder_->column_of(*property_).type.length = characters;
    property_->length = characters;
    return *this;
}

column_description& column_description::server_default(std::string sql) {
    builder_->column_of(*property_).server_default = std::move(sql);
    return *this;
}

column_description& column_description::comment(std::string text) {
    builder_->column_of(*property_).comment = std::move(text);
    return *this;
}

column_description& column_description::primary_key() {
    builder_->set_key({property_->column->index});
    return *this;
}

column_description& column_description::version() {
    builder_->set_version(*property_);
    return *this;
}

column_description& column_description::type(std::string words) {
    builder_->column_of(*property_).type_words = std::move(words);
    return *this;
}

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
} // namespace kin
