// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kin/base/options.hpp"

namespace kin {

class mapper_builder;
struct foreign_key_rule;

/// What `m.foreign_key<&Post::user_id>()` gives: the constraint behind these members.
class foreign_key_description {
public:
    foreign_key_description(mapper_builder& builder, const std::vector<std::uint32_t>& columns);
    /// The constraint's name, instead of fk_<table>_<columns>: what errors say, error::constraint().
    foreign_key_description& name(std::string text);
    /// Checked with each statement, unless the transaction says SET CONSTRAINTS ... DEFERRED. SQL: DEFERRABLE
    foreign_key_description& deferrable();
    /// Checked when the transaction commits: commit() throws foreign_key_violation. SQL: DEFERRABLE INITIALLY DEFERRED. Left out, so that
    /// the key is checked at once, where the database cannot wait (no feature::deferrable_keys).
    foreign_key_description& deferred();
    foreign_key_description& on_delete(on_delete_option rule);
    foreign_key_description& on_update(on_update_option rule);

private:
    [[nodiscard]] foreign_key_rule& rule() const noexcept;

    mapper_builder* builder_;
    std::size_t at_;
};

} // namespace kin
