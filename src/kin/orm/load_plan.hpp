// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/orm/load_options.hpp"
#include "kin/sql/rewrite.hpp"

namespace kin::detail {

struct entity_query;

/// What a query says about one relationship, and about those behind it.
struct load_rule {
    const relationship* of = nullptr;             // null: the query's own class
    std::optional<loader_strategy> strategy = {}; // nothing: as the mapping says
    bool inner = false;
    std::uint32_t levels = 1; // load_option::levels
    predicate condition = {};
    std::vector<load_rule> below = {};

    [[nodiscard]] const load_rule* find(const relationship& r) const noexcept;
};

/// All that a query says. Objects of its result and those that load from them later share it.
struct load_plan {
    load_rule start;
    std::optional<loader_strategy> others = {}; // of relationships that no option names
    std::vector<table_condition> criteria = {};
    bool unrestricted = false; // by the session's criteria

    /// Null when the query says nothing.
    [[nodiscard]] static std::shared_ptr<const load_plan> of(const entity_query& q);
};

/// Where objects stand in a plan: which part of it is about their relationships.
struct load_place {
    std::shared_ptr<const load_plan> plan = {};
    const load_rule* rule = nullptr; // null: nothing names their relationships
    std::uint32_t level = 1;         // how many steps of the rule's relationship in a row led here

    /// What is said about `r` itself; null: nothing.
    [[nodiscard]] const load_rule* about(const relationship& r) const noexcept {
        const load_rule* said = rule ? rule->find(r) : nullptr;
        return said || !goes_on(r) ? said : rule;
    }
    /// Whether `r`, which led here, is to go on in the same way.
    [[nodiscard]] bool goes_on(const relationship& r) const noexcept {
        return rule && rule->of == &r && level < rule->levels;
    }
    /// Where the objects behind `r` stand.
    [[nodiscard]] load_place behind(const relationship& r) const {
        const load_rule* said = about(r);
        const bool counts = said && said == rule && said->levels != all_levels;
        return {plan, said, counts ? level + 1 : 1};
    }
    [[nodiscard]] loader_strategy strategy_of(const relationship& r) const noexcept;
};

/// The relationships along which loading came here.
struct load_trail {
    const mapper* start = nullptr;
    std::vector<const relationship*> steps = {};

    /// Whether the mapping alone may let `r` load as well: not back to a class on the way, or as often as its depth says.
    [[nodiscard]] bool lets_on(const relationship& r) const noexcept;
    [[nodiscard]] load_trail along(const relationship& r) const;
};

/// Whether `r` loads at once for objects that stand at `place`.
[[nodiscard]] bool loads_at_once(const relationship& r, const load_place& place,
                                 const load_trail& trail) noexcept;
/// Whether any may, so that it is worth looking.
[[nodiscard]] bool may_load_at_once(const mapper& m, const load_place& place) noexcept;

} // namespace kin::detail
