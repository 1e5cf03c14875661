// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <string_view>

namespace kin {

/// The name of a table, and of the schema that it lies in. A view: the texts must outlive it. What is given as one text is a name without
/// a schema, whatever characters it has.
struct qualified_name {
    template <std::convertible_to<std::string_view> Text>
    constexpr qualified_name(const Text& table, std::string_view in_schema = {}) noexcept
        : name(table),
          schema(in_schema) {}

    std::string_view name;
    std::string_view schema; // empty: where the connection looks for bare names
    friend constexpr bool operator==(const qualified_name&, const qualified_name&) noexcept = default;
};

} // namespace kin
