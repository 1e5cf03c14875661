// SPDX-License-Identifier: MIT
#include "kin/schema/table.hpp"

#include <utility>

#include "kin/schema/naming.hpp"

namespace kin {

namespace {

std::string conventional_name(std::string_view prefix, const table& t,
                              const std::vector<std::uint32_t>& columns) {
    std::string name(prefix);
    name += '_';
    name += t.name();
    for (const std::uint32_t i : columns) {
        name += '_';
        name += t.columns().at(i).name;
    }
    return fit_name(name);
}

} // namespace

bool foreign_key_constraint::refers_to(const table& t) const noexcept {
    return target_table == t.name() && target_schema == t.schema();
}

column& table::add_column(column c) {
    c.index = static_cast<std::uint32_t>(columns_.size());
    c.owner = this;
    return columns_.emplace_back(std::move(c));
}

const column* table::find_column(std::string_view name) const noexcept {
    for (const column& c : columns_) {
        if (c.name == name) return &c;
    }
    return nullptr;
}

std::vector<const column*> table::primary_key() const {
    std::vector<const column*> key;
    for (const column& c : columns_) {
        if (c.primary_key) key.push_back(&c);
    }
    return key;
}

std::string table::name_of(const foreign_key_constraint& c) const {
    return c.name.empty() ? conventional_name("fk", *this, c.columns) : c.name;
}

std::string table::name_of(const unique_constraint& c) const {
    return c.name.empty() ? conventional_name("uq", *this, c.columns) : c.name;
}

std::string table::name_of(const check_constraint& c) const {
    if (!c.name.empty()) return c.name;
    std::size_t n = 1;
    for (const check_constraint& other : checks) {
        if (&other == &c) break;
        ++n;
    }
    return fit_name("ck_" + name_ + "_" + std::to_string(n));
}

std::string table::name_of(const index_definition& c) const {
    return c.name.empty() ? conventional_name("ix", *this, c.columns) : c.name;
}

} // namespace kin
