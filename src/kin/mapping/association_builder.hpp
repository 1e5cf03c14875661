// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "kin/mapping/mapper.hpp"

namespace kin {

/// Makes the table behind a many_to_many and joins its two sides, while mappers are configured.
class association_builder {
public:
    /// `reached`: the mappers that are configured together; `faults`: what is wrong is added here.
    association_builder(const std::vector<mapper*>& reached, std::vector<std::string>& faults)
        : reached_(reached),
          faults_(faults) {}

    /// Done once for both sides.
    void join(relationship& r);

private:
    [[nodiscard]] relationship* other_side(const relationship& r);
    [[nodiscard]] std::string table_name(const relationship& r, const relationship* other) const;
    [[nodiscard]] static std::string table_schema(const relationship& r, const relationship* other);
    [[nodiscard]] bool begins(const relationship& r, const relationship& other) const;
    void make_table(relationship& r, relationship* other);
    void add_end(association& a, std::size_t which, const relationship& r, const relationship* other,
                 const mapper& type, std::vector<std::string> names);
    [[nodiscard]] bool is_taken(const qualified_name& name, const association& own) const;
    void fault(const relationship& r, const std::string& text);

    const std::vector<mapper*>& reached_;
    std::vector<std::string>& faults_;
};

} // namespace kin
