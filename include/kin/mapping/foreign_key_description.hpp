// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kin/base/options.hpp"
#include "kin/mapping/mapper_builder.hpp"

namespace kin {

/// What `m.foreign_key<&Post::user_id>()` gives: the constraint behind these members.
class foreign_key_description {
public:
    foreign_key_description(mapper_builder& builder, const std::vector<std::uint32_t>& properties)
        : builder_(&builder),
          rule_(&builder.foreign_key_of(properties)) {}
    /// The constraint's name, instead of fk_<table>_<columns>: what errors say, error::constraint().
    foreign_key_description& name(std::string text) {
        rule_->name = std::move(text);
        return *this;
    }
    /// Checked with each statement, unless the transaction says SET CONSTRAINTS ... DEFERRED. SQL: DEFERRABLE
    foreign_key_description& deferrable() {
        rule_->checked = key_check::on_request;
        return *this;
    }
    /// Checked when the transaction commits: commit() throws foreign_key_violation. SQL: DEFERRABLE INITIALLY DEFERRED. Left out, so that
    /// the key is checked at once, where the database cannot wait (no feature::deferrable_keys).
    foreign_key_description& deferred() {
        rule_->checked = key_check::at_commit;
        return *this;
    }
    foreign_key_description& on_delete(on_delete_option rule) {
        for (const std::uint32_t i : rule_->columns) builder_->property_of(i).on_delete = rule.action;
        return *this;
    }
    foreign_key_description& on_update(on_update_option rule) {
        for (const std::uint32_t i : rule_->columns) builder_->property_of(i).on_update = rule.action;
        return *this;
    }

private:
    mapper_builder* builder_;
    foreign_key_rule* rule_;
};

} // namespace kin
