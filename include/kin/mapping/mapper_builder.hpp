// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kin/mapping/column_callbacks.hpp"
#include "kin/mapping/mapper.hpp"

namespace kin {

/// Fills a mapper: the one gate through which reflection, `describe` and later sources define a mapping. Lives while its
/// mapper is built; faults are collected and reported by mapper::configure().
class mapper_builder {
public:
    explicit mapper_builder(mapper& m);
    mapper_builder(const mapper_builder&) = delete;
    mapper_builder& operator=(const mapper_builder&) = delete;
    ~mapper_builder(); // not inline: programs need not know how members are kept

    property& add_property(property p, kin::column c);
    relationship& add_relationship(relationship r);

    [[nodiscard]] property* find_property(std::size_t offset) noexcept;
    [[nodiscard]] relationship* find_relationship(std::size_t offset) noexcept;
    [[nodiscard]] kin::column& column_of(const property& p);
    [[nodiscard]] kin::table& table() noexcept { return mapper_.table_; }
    [[nodiscard]] const std::string& class_name() const noexcept { return mapper_.class_name_; }

    [[nodiscard]] property& property_of(std::uint32_t position) noexcept { return properties_[position]; }
    /// The one for these columns, whatever their order: its position. And the one at a position.
    [[nodiscard]] std::size_t foreign_key_of(const std::vector<std::uint32_t>& columns);
    [[nodiscard]] foreign_key_rule& foreign_key_at(std::size_t position) noexcept;

    void set_key(const std::vector<std::uint32_t>& properties);
    void set_version(const property& p);
    void add_unique(const property& p);
    void add_index(const property& p);
    void drop_index(const property& p); // no index for this foreign key
    void add_validator(property& p, std::unique_ptr<column_validator> v);
    void add_set_handler(property& p, std::unique_ptr<column_set_handler> h);
    void set_default(property& p, moment_of_default when, column_default d);
    void fault(std::string text) { mapper_.faults_.push_back(std::move(text)); }

    /// Gives the mapper its members, and settles the key: what was declared, else a member named `id`. Nothing is added afterwards.
    void finish();

private:
    void hand_over();
    void settle_key();
    void check_key();
    void check_version();
    void check_defaults();

    mapper& mapper_;
    std::deque<property> properties_; // stay where they are: descriptions refer to them
    std::deque<relationship> relationships_;
    const property* version_ = nullptr;
};

} // namespace kin
