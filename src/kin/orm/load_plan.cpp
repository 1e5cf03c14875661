// SPDX-License-Identifier: MIT
#include "load_plan.hpp"

#include <algorithm>
#include <utility>

#include "kin/orm/entity_query.hpp"

namespace kin::detail {

const load_rule* load_rule::find(const relationship& r) const noexcept {
    for (const load_rule& one : below) {
        if (one.of == &r) return &one;
    }
    return nullptr;
}

namespace {

load_rule& found_or_made(load_rule& at, const relationship& r) {
    for (load_rule& one : at.below) {
        if (one.of == &r) return one;
    }
    at.below.emplace_back();
    at.below.back().of = &r;
    return at.below.back();
}

/// Says it about the last relationship of the path.
void add_last(load_rule& start, const load_option& option) {
    load_rule* at = &start;
    for (const relationship& (*step)() : option.path) at = &found_or_made(*at, step());
    at->strategy = option.strategy;
    at->inner = option.inner;
    at->levels = option.levels;
    at->condition = option.condition;
}

/// Those on the way load likewise, unless something else was said about them.
void add_way(load_rule& start, const load_option& option) {
    load_rule* at = &start;
    for (const relationship& (*step)() : option.path) {
        at = &found_or_made(*at, step());
        if (!at->strategy) at->strategy = option.strategy;
    }
}

} // namespace

std::shared_ptr<const load_plan> load_plan::of(const entity_query& q) {
    if (q.options.empty() && q.criteria.empty() && !q.unrestricted) return nullptr;
    auto plan = std::make_shared<load_plan>();
    for (const load_option& option : q.options) {
        if (option.path.empty()) {
            plan->others = option.strategy;
        } else {
            add_last(plan->start, option);
        }
    }
    for (const load_option& option : q.options) {
        if (loads_at_once(option.strategy)) add_way(plan->start, option);
    }
    for (const class_criteria& one : q.criteria) plan->criteria.push_back({&one.type().table(), one.holds});
    plan->unrestricted = q.unrestricted;
    return plan;
}

loader_strategy load_place::strategy_of(const relationship& r) const noexcept {
    if (const load_rule* said = about(r); said && said->strategy) return *said->strategy;
    return plan && plan->others ? *plan->others : r.lazy;
}

bool load_trail::lets_on(const relationship& r) const noexcept {
    if (r.depth != 0) return static_cast<std::size_t>(std::count(steps.begin(), steps.end(), &r)) < r.depth;
    const mapper* target = &r.target();
    return target != start && std::none_of(steps.begin(), steps.end(), [target](const relationship* step) {
               return &step->target() == target;
           });
}

load_trail load_trail::along(const relationship& r) const {
    load_trail longer = *this;
    longer.steps.push_back(&r);
    return longer;
}

bool loads_at_once(const relationship& r, const load_place& place, const load_trail& trail) noexcept {
    if (!loads_at_once(place.strategy_of(r))) return false;
    const load_rule* said = place.about(r);
    return (said && said->strategy) || trail.lets_on(r);
}

bool may_load_at_once(const mapper& m, const load_place& place) noexcept {
    if (m.loads_eagerly()) return true;
    if (!place.rule) return false;
    return (place.rule->of && place.goes_on(*place.rule->of)) ||
           std::any_of(place.rule->below.begin(), place.rule->below.end(), [](const load_rule& one) {
               return (one.strategy && loads_at_once(*one.strategy)) || !one.below.empty();
           });
}

} // namespace kin::detail
