// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html.hpp"
#include "models.hpp"

namespace blog {

/// What somebody typed, "Bread, #by hand", as the names of tags: "bread", "by hand". Each once, in their order.
[[nodiscard]] std::vector<std::string> tag_names(std::string_view typed);
/// Why these cannot all be the tags of a post; nothing when they can.
[[nodiscard]] std::optional<std::string> fault_of_tags(const std::vector<std::string>& names);
/// The tags of these names, in their order. Those that are not there yet are made, and stored with the first post that is.
/// Takes 1 statement; none for no names.
[[nodiscard]] std::vector<kin::ref<Tag>> tags_named(kin::session& session,
                                                    const std::vector<std::string>& names);

/// The address of a tag's page.
[[nodiscard]] std::string tag_address(std::string_view name);
/// Links to the pages of tags; nothing for none.
[[nodiscard]] html tag_chips(const kin::many_to_many<Tag>& tags);

} // namespace blog
