// SPDX-License-Identifier: MIT
#include "mapper_configuration.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "association_builder.hpp"
#include "column_rules.hpp"
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
        if (!m->resolved_) {
            work.join_foreign_keys(*m);
            work.ask_for_sql(*m);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.is_reference()) work.join_belongs_to(*m, r);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.is_referred_to()) work.join_referred_to(*m, r);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.is_many_to_many()) association_builder(work.reached_, work.faults_).join(r);
        }
    }
    for (mapper* m : work.reached_) {
        for (relationship& r : m->relationships_) {
            if (r.order_by.empty()) {
                for (order_term (*source)() : r.order_by_sources) r.order_by.push_back(source());
            }
            if (r.position_source && !r.position)
                r.position = &r.target().properties()[r.position_source().index];
            if (r.lazy == loader_strategy::selectin || r.lazy == loader_strategy::joined)
                m->loads_eagerly_ = true;
            work.apply_on_delete(r);
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

const property* mapper_configuration::referenced_by(const property& p) {
    const mapper& target = p.foreign_target();
    return p.foreign_member.empty() && target.key().size() == 1 ? &target.properties()[target.key().front()]
                                                                : target.find_property(p.foreign_member);
}

/// The foreign key members of `m` that together refer to the whole key of `target`, in its order; empty when they do not.
std::vector<const property*> mapper_configuration::composite_key(const mapper& m, const mapper& target) {
    std::vector<const property*> members(target.key().size(), nullptr);
    std::size_t found = 0;
    for (const property& p : m.properties()) {
        if (!p.foreign_target || &p.foreign_target() != &target) continue;
        const property* referenced = referenced_by(p);
        const auto at = referenced
                            ? std::find(target.key().begin(), target.key().end(), referenced->column->index)
                            : target.key().end();
        if (at == target.key().end()) return {};
        const property*& place = members[static_cast<std::size_t>(at - target.key().begin())];
        if (place) return {};
        place = &p;
        ++found;
    }
    if (target.key().size() < 2 || found != members.size()) return {};
    return members;
}

/// The defaults of columns by SQL: a new row has no columns yet, and an UPDATE those of its own table.
void mapper_configuration::ask_for_sql(mapper& m) {
    const auto uses = [](const column_default& d, auto&& is_bad) {
        const auto& items = d.sql.items();
        return std::any_of(items.begin(), items.end(), [&](const expression::item& i) {
            return i.op == sql_operator::column && is_bad(*i.column);
        });
    };
    for (property& p : m.properties_) {
        if (!p.rules) continue;
        for (column_default* d : {&p.rules->at_insert, &p.rules->at_update}) {
            if (d->source) d->sql = d->source->get();
        }
        if (uses(p.rules->at_insert, [](const column&) { return true; })) {
            fault(m.class_name() + "." + p.name +
                  ": its insert_default names a column, and a new row has none yet; use a function of the "
                  "object");
        }
        if (uses(p.rules->at_update, [&m](const column& c) { return c.owner != &m.table(); })) {
            fault(m.class_name() + "." + p.name +
                  ": its update_default names a column of another table than " + m.table().name());
        }
    }
}

void mapper_configuration::join_foreign_keys(mapper& m) {
    std::vector<const mapper*> composite; // targets that are done
    for (property& p : m.properties_) {
        if (!p.foreign_target) continue;
        const mapper& target = p.foreign_target();
        const property* referenced = referenced_by(p);
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
        const std::vector<const property*> together = composite_key(m, target);
        if (together.empty()) {
            add_foreign_key(m, {&p});
        } else if (std::find(composite.begin(), composite.end(), &target) == composite.end()) {
            composite.push_back(&target);
        }
    }
    for (const mapper* target : composite) add_foreign_key(m, composite_key(m, *target));
    for (const foreign_key_rule& rule : m.foreign_key_rules_) apply(m, rule);
    m.resolved_ = true;
}

/// What describe() says about the constraint of these columns.
void mapper_configuration::apply(mapper& m, const foreign_key_rule& rule) {
    for (foreign_key_constraint& c : m.table_.foreign_keys) {
        if (!std::is_permutation(c.columns.begin(), c.columns.end(), rule.columns.begin(),
                                 rule.columns.end()))
            continue;
        if (!rule.name.empty()) c.name = rule.name;
        if (rule.says_when) c.checked = rule.checked;
        return;
    }
    std::string members;
    for (const std::uint32_t i : rule.columns)
        members += (members.empty() ? "" : ", ") + m.properties()[i].name;
    fault(m.class_name() + ": m.foreign_key of " + members +
          ": no foreign key has exactly these members; name all members of one key");
}

/// One constraint, and an index on its columns unless something covers the first.
void mapper_configuration::add_foreign_key(mapper& m, const std::vector<const property*>& members) {
    const mapper& target = members.front()->foreign_target();
    foreign_key_constraint refers{
        {}, {}, target.table().name(), {}, members.front()->on_delete, *members.front()->on_update};
    refers.target_schema = target.table().schema();
    bool covered = false;
    for (const property* p : members) {
        refers.columns.push_back(p->column->index);
        refers.target_columns.push_back(referenced_by(*p)->column->name);
        refers.checked = std::max(refers.checked, p->checked);
        covered = covered ||
                  std::find(m.unindexed_.begin(), m.unindexed_.end(), p->column->index) != m.unindexed_.end();
    }
    const auto starts_with_it = [&](const auto& columns) {
        return columns.size() >= refers.columns.size() &&
               std::equal(refers.columns.begin(), refers.columns.end(), columns.begin());
    };
    covered = covered || starts_with_it(m.key_);
    for (const auto& u : m.table_.uniques) covered = covered || starts_with_it(u.columns);
    for (const auto& i : m.table_.indexes) covered = covered || starts_with_it(i.columns);
    if (!covered) m.table_.indexes.push_back({{}, refers.columns, false});
    m.table_.foreign_keys.push_back(std::move(refers));
}

void mapper_configuration::join_belongs_to(mapper& m, relationship& r) {
    if (!r.keys.empty()) return;
    const mapper& target = r.target();
    std::vector<const property*> members;
    if (!r.key_member.empty()) {
        members.push_back(m.find_property(r.key_member));
    } else {
        members = composite_key(m, target);
        std::vector<const property*> found;
        for (const property& p : m.properties()) {
            if (p.foreign_target && &p.foreign_target() == &target) found.push_back(&p);
        }
        if (members.empty() && found.size() == 1) members = found;
        for (const property* p : found) {
            if (p->name == r.name + "_id") members = {p};
        }
    }
    if (members.empty() || !members.front() || !members.front()->foreign_target ||
        &members.front()->foreign_target() != &target) {
        fault("relationship " + r.qualified_name() + ": no foreign key from " + m.class_name() + " to " +
              target.class_name() + "; add a kin::foreign_key<&" + target.class_name() +
              "::id> member and name it: " + "kin::belongs_to<" + target.class_name() + ", &" +
              m.class_name() + "::member>");
        return;
    }
    bool primary = members.size() == target.key().size();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const property* referenced = referenced_by(*members[i]);
        if (!referenced) return; // reported with the foreign key
        r.keys.push_back({members[i]->column->index, referenced->column->index});
        primary = primary && target.key()[i] == referenced->column->index;
        r.required = r.required || !members[i]->column->nullable;
    }
    r.targets_primary_key = primary;
}

void mapper_configuration::join_referred_to(mapper& m, relationship& r) {
    if (r.inverse) return;
    const mapper& target = r.target();
    relationship* other = nullptr;
    std::size_t candidates = 0;
    for (const relationship& c : target.relationships()) {
        if (!c.is_reference() || &c.target() != &m) continue;
        if (!r.inverse_member.empty() && c.name != r.inverse_member) continue;
        other = const_cast<relationship*>(&c);
        ++candidates;
    }
    if (candidates != 1) {
        fault("relationship " + r.qualified_name() + ": " + target.class_name() +
              (candidates == 0 ? " has no belongs_to back to " : " has several belongs_to back to ") +
              m.class_name() +
              (candidates == 0 ? "; add kin::belongs_to<" + m.class_name() + ">"
                               : std::string("; name one: kin::") +
                                     (r.kind == relationship_kind::has_one ? "has_one<" : "has_many<") +
                                     target.class_name() + ", \"member\">"));
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
    if (r.kind == relationship_kind::has_one) make_unique(*const_cast<mapper*>(&target), r);
}

/// Two rows cannot both be the one of a has_one.
void mapper_configuration::make_unique(mapper& child, const relationship& r) {
    std::vector<std::uint32_t> columns;
    for (const relationship::key_pair& k : r.keys) columns.push_back(k.foreign);
    if (child.key_ == columns) return;
    for (const auto& u : child.table_.uniques) {
        if (u.columns == columns) return;
    }
    std::erase_if(child.table_.indexes, [&](const index_definition& i) {
        return i.columns == columns && i.name.empty() && !i.unique;
    });
    child.table_.uniques.push_back({{}, std::move(columns)});
}

/// ON DELETE that was said at a relationship belongs to its foreign key.
void mapper_configuration::apply_on_delete(const relationship& r) {
    if (!r.on_delete || r.keys.empty()) return;
    mapper& child = const_cast<mapper&>(r.is_reference() ? *r.owner : r.target());
    for (foreign_key_constraint& c : child.table_.foreign_keys) {
        if (c.columns.front() != r.keys.front().foreign) continue;
        c.on_delete = *r.on_delete;
        for (const relationship::key_pair& k : r.keys) child.properties_[k.foreign].on_delete = *r.on_delete;
    }
    if (*r.on_delete == referential_action::set_null && r.required) {
        fault("relationship " + r.qualified_name() +
              ": on_delete set_null needs a foreign key that may be NULL; make it std::optional");
    }
}

/// Nothing may ever need the whole collection.
void mapper_configuration::check_write_only(const relationship& r) {
    if (r.kind != relationship_kind::has_many && !r.is_many_to_many()) {
        fault("relationship " + r.qualified_name() + ": only a has_many or many_to_many can be write_only");
        return;
    }
    if (r.is_many_to_many()) return;
    const referential_action rule = r.target().properties()[r.keys.front().foreign].on_delete;
    if (rule != referential_action::cascade && rule != referential_action::set_null &&
        rule != referential_action::set_default) {
        fault("relationship " + r.qualified_name() +
              ": a write_only collection is never loaded, so the database must settle what happens to its "
              "objects "
              "when their parent is removed; add .on_delete(kin::on_delete::cascade) or set_null");
    }
}

void mapper_configuration::check_options(const relationship& r) {
    if (has(r.cascades, cascade::delete_orphan) && !has(r.cascades, cascade::remove)) {
        fault("relationship " + r.qualified_name() +
              ": delete_orphan needs remove; write kin::cascade::all | kin::cascade::delete_orphan");
    }
    if (has(r.cascades, cascade::delete_orphan) && r.is_reference()) {
        fault("relationship " + r.qualified_name() + ": delete_orphan belongs on the has_many side, " +
              r.target().class_name() + "'s");
    }
}

} // namespace kin
