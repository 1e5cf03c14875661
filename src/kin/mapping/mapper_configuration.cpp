// SPDX-License-Identifier: MIT
#include "mapper_configuration.hpp"

#include <algorithm>
#include <mutex>

#include "kin/base/error.hpp"

namespace kin {

void mapper_configuration::run(mapper& start) {
    // One lock for all mappings: classes reach one another, and this happens once per class.
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (start.is_configured()) return;

    mapper_configuration work;
    work.reach(start);
    for (mapper* m : work.reached_) {
        for (const std::string& text : m->faults_) work.fault(text);
        if (!m->resolved_) work.join_foreign_keys(*m);
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.kind == relationship_kind::belongs_to) work.join_belongs_to(*m, r);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.kind == relationship_kind::has_many) work.join_has_many(*m, r);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.order_by.empty()) {
                for (order_term (*source)() : r.order_by_sources) r.order_by.push_back(source());
            }
            work.check_options(r);
        }
    }
    if (!work.faults_.empty()) {
        std::string text = "the mapping has " + std::to_string(work.faults_.size()) +
                           (work.faults_.size() == 1 ? " fault:" : " faults:");
        for (const std::string& one : work.faults_) text += "\n  - " + one;
        throw mapping_error({.code = "mapping_error", .message = std::move(text), .sql = {}});
    }
    for (mapper* m : work.reached_) m->configured_.store(true, std::memory_order_release);
}

void mapper_configuration::reach(const mapper& m) {
    if (std::find(reached_.begin(), reached_.end(), &m) != reached_.end()) return;
    reached_.push_back(const_cast<mapper*>(&m));
    for (const relationship& r : m.relationships()) reach(r.target());
    for (const property& p : m.properties()) {
        if (p.foreign_target) reach(p.foreign_target());
    }
}

void mapper_configuration::join_foreign_keys(mapper& m) {
    for (property& p : m.properties_) {
        if (!p.foreign_target) continue;
        const mapper& target = p.foreign_target();
        const property* referenced = p.foreign_member.empty() && target.key().size() == 1
                                         ? &target.properties()[target.key().front()]
                                         : target.find_property(p.foreign_member);
        if (!referenced) {
            fault(m.class_name() + "." + p.name + ": " + target.class_name() + " has no member " +
                  p.foreign_member + " that a foreign key could refer to");
            continue;
        }
        p.foreign_member = referenced->name;
        if (referenced->column->type.kind != p.column->type.kind) {
            fault(m.class_name() + "." + p.name + ": its type differs from " + target.class_name() + "." +
                  referenced->name + ", which it refers to; give both the same type");
        }
        // A key that the program makes may change, and then those who refer to it follow.
        if (!p.on_update) {
            p.on_update =
                referenced->column->generated ? referential_action::no_action : referential_action::cascade;
        }
        m.table_.foreign_keys.push_back({{},
                                         {p.column->index},
                                         target.table().name(),
                                         {referenced->column->name},
                                         p.on_delete,
                                         *p.on_update});
        const auto starts_with_it = [&](const auto& columns) {
            return !columns.empty() && columns.front() == p.column->index;
        };
        bool covered = starts_with_it(m.key_) || std::find(m.unindexed_.begin(), m.unindexed_.end(),
                                                           p.column->index) != m.unindexed_.end();
        for (const auto& u : m.table_.uniques) covered = covered || starts_with_it(u.columns);
        for (const auto& i : m.table_.indexes) covered = covered || starts_with_it(i.columns);
        if (!covered) m.table_.indexes.push_back({{}, {p.column->index}, false});
    }
    m.resolved_ = true;
}

void mapper_configuration::join_belongs_to(mapper& m, relationship& r) {
    if (!r.keys.empty()) return;
    const mapper& target = r.target();
    const property* foreign = nullptr;
    if (!r.key_member.empty()) {
        foreign = m.find_property(r.key_member);
    } else {
        std::vector<const property*> found;
        for (const property& p : m.properties()) {
            if (p.foreign_target && &p.foreign_target() == &target) found.push_back(&p);
        }
        if (found.size() == 1) foreign = found.front();
        for (const property* p : found) {
            if (p->name == r.name + "_id") foreign = p;
        }
    }
    if (!foreign || !foreign->foreign_target || &foreign->foreign_target() != &target) {
        fault("relationship " + r.qualified_name() + ": no foreign key from " + m.class_name() + " to " +
              target.class_name() + "; add a kin::foreign_key<&" + target.class_name() +
              "::id> member and name it: " + "kin::belongs_to<" + target.class_name() + ", &" +
              m.class_name() + "::member>");
        return;
    }
    const property* referenced = target.find_property(foreign->foreign_member);
    if (!referenced) return; // reported with the foreign key
    r.keys.push_back({foreign->column->index, referenced->column->index});
    r.targets_primary_key = target.key().size() == 1 && target.key().front() == referenced->column->index;
    r.required = !foreign->column->nullable;
}

void mapper_configuration::join_has_many(mapper& m, relationship& r) {
    if (r.inverse) return;
    const mapper& target = r.target();
    relationship* other = nullptr;
    std::size_t candidates = 0;
    for (const relationship& c : target.relationships()) {
        if (c.kind != relationship_kind::belongs_to || &c.target() != &m) continue;
        if (!r.inverse_member.empty() && c.name != r.inverse_member) continue;
        other = const_cast<relationship*>(&c);
        ++candidates;
    }
    if (candidates != 1) {
        fault("relationship " + r.qualified_name() + ": " + target.class_name() +
              (candidates == 0 ? " has no belongs_to back to " : " has several belongs_to back to ") +
              m.class_name() +
              (candidates == 0 ? "; add kin::belongs_to<" + m.class_name() + ">"
                               : "; name one: kin::has_many<" + target.class_name() + ", \"member\">"));
        return;
    }
    if (other->inverse) {
        fault("relationships " + r.qualified_name() + " and " + other->inverse->qualified_name() +
              " both answer " + other->qualified_name() + "; give each its own belongs_to");
        return;
    }
    r.inverse = other;
    other->inverse = &r;
    r.keys = other->keys;
    r.targets_primary_key = other->targets_primary_key;
    r.required = other->required;
}

void mapper_configuration::check_options(const relationship& r) {
    if (has(r.cascades, cascade::delete_orphan) && !has(r.cascades, cascade::remove)) {
        fault("relationship " + r.qualified_name() +
              ": delete_orphan needs remove; write kin::cascade::all | kin::cascade::delete_orphan");
    }
    if (has(r.cascades, cascade::delete_orphan) && r.kind == relationship_kind::belongs_to) {
        fault("relationship " + r.qualified_name() + ": delete_orphan belongs on the has_many side, " +
              r.target().class_name() + "'s");
    }
}

} // namespace kin
