// SPDX-License-Identifier: MIT
#include "kin/mapping/mapper_builder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "column_rules.hpp"

namespace kin {

void detail::column_rules_deleter::operator()(column_rules* rules) const noexcept { delete rules; }

mapper_builder::mapper_builder(mapper& m) : mapper_(m) {}
mapper_builder::~mapper_builder() = default;

property& mapper_builder::add_property(property p, kin::column c) {
    if (mapper_.table_.find_column(c.name)) {
        fault("class " + mapper_.class_name_ + ": two members are stored in column " + c.name +
              "; give one another column with kin::column_name");
        c.name += "_" + std::to_string(properties_.size());
    }
    p.column = &mapper_.table_.add_column(std::move(c));
    properties_.push_back(std::move(p));
    return properties_.back();
}

relationship& mapper_builder::add_relationship(relationship r) {
    r.index = static_cast<std::uint32_t>(relationships_.size());
    r.owner = &mapper_;
    mapper_.has_references_ = mapper_.has_references_ || r.is_reference();
    relationships_.push_back(std::move(r));
    return relationships_.back();
}

property* mapper_builder::find_property(std::size_t offset) noexcept {
    for (property& p : properties_) {
        if (p.offset == offset) return &p;
    }
    return nullptr;
}

relationship* mapper_builder::find_relationship(std::size_t offset) noexcept {
    for (relationship& r : relationships_) {
        if (r.offset == offset) return &r;
    }
    return nullptr;
}

kin::column& mapper_builder::column_of(const property& p) {
    return mapper_.table_.columns()[p.column->index];
}

std::size_t mapper_builder::foreign_key_of(const std::vector<std::uint32_t>& columns) {
    std::vector<foreign_key_rule>& rules = mapper_.foreign_key_rules_;
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const foreign_key_rule& r) {
        return std::is_permutation(r.columns.begin(), r.columns.end(), columns.begin(), columns.end());
    });
    const auto at = static_cast<std::size_t>(found - rules.begin());
    if (at == rules.size()) rules.push_back({.columns = columns});
    return at;
}

foreign_key_rule& mapper_builder::foreign_key_at(std::size_t position) noexcept {
    return mapper_.foreign_key_rules_[position];
}

void mapper_builder::set_key(const std::vector<std::uint32_t>& properties) {
    for (kin::column& c : mapper_.table_.columns()) c.primary_key = false;
    for (const std::uint32_t i : properties) mapper_.table_.columns()[i].primary_key = true;
    mapper_.key_ = properties;
}

void mapper_builder::set_version(const property& p) {
    if (version_ && version_ != &p) {
        fault("class " + mapper_.class_name_ + ": " + version_->name + " and " + p.name +
              " both have the option kin::version; keep one");
    }
    version_ = &p;
}

void mapper_builder::check_version() {
    if (!mapper_.version_) return;
    const property& p = *mapper_.version_;
    const std::string start = "class " + mapper_.class_name_ + ": the version member " + p.name;
    if (p.column->nullable) fault(start + " is a std::optional; a version is never NULL, use the plain type");
    if (p.column->type.kind != type_kind::integer) fault(start + " is no integer; make it an int");
    if (p.column->primary_key || p.foreign_target)
        fault(start + " is a key; give the version a member of its own");
}

void mapper_builder::add_unique(const property& p) {
    mapper_.table_.uniques.push_back({{}, {p.column->index}});
}

void mapper_builder::add_index(const property& p) {
    mapper_.table_.indexes.push_back({{}, {p.column->index}, false});
}

void mapper_builder::drop_index(const property& p) { mapper_.unindexed_.push_back(p.column->index); }

namespace {

column_rules& rules_of(property& p) {
    if (!p.rules) p.rules.reset(new column_rules);
    return *p.rules;
}

} // namespace

void mapper_builder::add_validator(property& p, std::unique_ptr<column_validator> v) {
    rules_of(p).validators.push_back(std::move(v));
    mapper_.has_validators_ = true;
}

void mapper_builder::add_set_handler(property& p, std::unique_ptr<column_set_handler> h) {
    rules_of(p).set_handlers.push_back(std::move(h));
    mapper_.has_set_handlers_ = true;
}

void mapper_builder::set_default(property& p, moment_of_default when, column_default d) {
    const bool at_insert = when == moment_of_default::insert;
    (at_insert ? rules_of(p).at_insert : rules_of(p).at_update) = std::move(d);
    (at_insert ? mapper_.has_insert_defaults_ : mapper_.has_update_defaults_) = true;
}

/// A key says which row it is, and others have copies of it: it is there before its INSERT, and is no news of an UPDATE. A version is the session's.
void mapper_builder::check_defaults() {
    for (const property& p : mapper_.properties_) {
        if (!p.at_insert() && !p.at_update()) continue;
        const std::string start = "class " + mapper_.class_name_ + ": the member " + p.name;
        if (&p == mapper_.version_)
            fault(
                start +
                " is the version, which the session counts; take its insert_default and update_default away");
        if (p.column->primary_key && p.at_update())
            fault(start + " is part of the primary key, which an UPDATE does not change by itself; take its "
                          "update_default away");
        const bool is_key = p.column->primary_key || p.foreign_target;
        const bool by_sql =
            (p.at_insert() && p.at_insert()->is_sql()) || (p.at_update() && p.at_update()->is_sql());
        if (is_key && by_sql)
            fault(start + " is a key, so objects must know it before its row is written; give its default by "
                          "a function "
                          "instead of SQL, or by server_default");
    }
}

void mapper_builder::finish() {
    hand_over();
    settle_key();
    check_key();
    check_version();
    check_defaults();
    for (const kin::column& c : mapper_.table_.columns()) mapper_.cell_kinds_.push_back(c.type.cell());
}

void mapper_builder::hand_over() {
    const std::size_t version_at = version_ ? version_->column->index : 0;
    mapper_.properties_.assign(std::move_iterator(properties_.begin()),
                               std::move_iterator(properties_.end()));
    mapper_.relationships_.assign(std::move_iterator(relationships_.begin()),
                                  std::move_iterator(relationships_.end()));
    if (version_) mapper_.version_ = &mapper_.properties_[version_at];
}

void mapper_builder::settle_key() {
    std::deque<kin::column>& columns = mapper_.table_.columns();
    if (mapper_.key_.empty()) {
        for (const kin::column& c : columns) {
            if (c.primary_key) mapper_.key_.push_back(c.index);
        }
    }
    if (mapper_.key_.empty()) {
        if (const property* id = mapper_.find_property("id")) set_key({id->column->index});
    }
    if (mapper_.key_.size() == 1) {
        kin::column& c = columns[mapper_.key_.front()];
        mapper_.integer_key_ = c.type.kind == type_kind::integer;
        mapper_.generated_key_ = mapper_.integer_key_ && !mapper_.properties_[c.index].foreign_target;
        c.generated = mapper_.generated_key_;
    }
}

void mapper_builder::check_key() {
    if (mapper_.key_.empty()) {
        fault("class " + mapper_.class_name_ +
              ": no primary key; write kin::primary_key<int> id;, name a member id, or call "
              "m.primary_key<&" +
              mapper_.class_name_ + "::member>() in describe");
    }
    if (mapper_.key_.size() > most_key_columns) {
        fault("class " + mapper_.class_name_ + ": a primary key has at most " +
              std::to_string(most_key_columns) + " columns");
    }
    const std::string start = "class " + mapper_.class_name_ + ": the primary key member ";
    for (const std::uint32_t i : mapper_.key_) {
        if (mapper_.table_.columns()[i].nullable) {
            fault(start + mapper_.properties_[i].name +
                  " is a std::optional; a key is never NULL, use the plain type");
        }
    }
    for (const std::uint32_t i : mapper_.key_) {
        const column_type& type = mapper_.table_.columns()[i].type;
        if (!type.sql_read.empty() || !type.sql_write.empty()) {
            fault(start + mapper_.properties_[i].name +
                  " has a type that is read or written through SQL of its own; take a plain type for a key");
        }
    }
}

} // namespace kin
