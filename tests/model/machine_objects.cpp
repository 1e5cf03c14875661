// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "model/machine.hpp"

/// The operations that change objects and links in memory.
namespace model {

namespace {

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string code_literal(kind of, int code) {
    if (code == 0) return "std::nullopt";
    return of == kind::skill ? std::to_string(code) : quoted(code_text(code));
}

} // namespace

void machine::apply(const operation& o) {
    switch (o.what) {
    case action::make: return make(o);
    case action::make_in_place: return make_in_place(o);
    case action::add: return add(o);
    case action::assign_target: return assign_target(o);
    case action::push: return push(o, false);
    case action::insert: return push(o, true);
    case action::unassign: return unassign(o);
    case action::erase: return erase(o);
    case action::move_and_remove: return move_and_remove(o);
    case action::set_key: return set_key(o);
    case action::unset_key: return unset_key(o);
    case action::assign_collection: return assign_collection(o);
    case action::clear_collection: return clear_collection(o);
    case action::connect: return link(o, true);
    case action::disconnect: return link(o, false);
    case action::assign_links: return assign_links(o);
    case action::set_label: return set_label(o, false);
    case action::set_label_and_back: return set_label(o, true);
    case action::set_code: return set_code(o);
    case action::take_code: return take_code(o);
    case action::swap_codes: return swap_codes(o, 2);
    case action::rotate_codes: return swap_codes(o, 3);
    case action::swap_numbers: return swap_numbers(o);
    case action::touch: return touch(o);
    case action::remove: return remove(o);
    case action::stay: return stay(o);
    case action::refresh: return refresh(o);
    case action::lose: return lose(o);
    case action::read: return read(o);
    case action::query: return query(o);
    case action::get: return get(o);
    case action::count: return count(o);
    case action::contains: return contains(o);
    case action::plan: return plan();
    case action::has_changes: return has_changes();
    case action::read_elsewhere: return read_elsewhere(o);
    case action::flush: return flush();
    case action::commit: return commit();
    case action::rollback: return rollback();
    case action::begin_savepoint: return begin_savepoint();
    case action::release_savepoint: return release_savepoint();
    case action::roll_back_savepoint: return roll_back_savepoint();
    case action::reopen: return reopen(o);
    case action::end: break;
    }
}

// ---- new objects ----

std::string machine::made_with(kind of, int mark, const values& v, const std::vector<int>& targets) const {
    const class_rule& rule = rule_of(of);
    std::string text = "auto " + name_of(of, mark) + " = kin::make(" + rule.name + "{";
    if (rule.key_is_code) text += ".code = " + code_literal(of, v.code) + ", ";
    text += ".mark = " + std::to_string(mark) + ", .label = " + quoted(label_text(v.label));
    if (rule.has_code && !rule.key_is_code) text += ", .code = " + code_literal(of, v.code);
    if (rule.has_number) text += ", .number = " + std::to_string(v.number);
    for (const reference_rule& r : references) {
        if (r.from == of && targets[r.slot] != nobody)
            text += std::string(", .") + r.name + " = " + name(targets[r.slot]);
    }
    return text + "});";
}

int machine::make_object(kind of, values v, std::uint32_t draw) {
    std::vector<int> targets(most_references, nobody);
    std::vector<any_ref> objects(most_references);
    for (std::size_t r = 0; r < references.size(); ++r) {
        const reference_rule& rule = references[r];
        if (rule.from != of) continue;
        draw = draw * 1664525 + 1013904223;
        if (rule.required ? draw % 16 == 0 : draw % 3 != 0) continue;
        const int target = choose(draw >> 8, [&](int m) {
            if (model_.at(m).of != rule.to || !can_take(m)) return false;
            const std::vector<int> there = rule.one ? model_.children_of(r, m) : std::vector<int>();
            return there.empty() || (draw % 5 == 0 && can_leave(r, there.front()));
        });
        if (target == nobody) continue;
        targets[rule.slot] = target;
        objects[rule.slot] = handle(target);
    }
    const int mark = model_.size();
    any_ref made;
    call(made_with(of, mark, v, targets), [&] { made = access_of(of).make(mark, v, objects); });
    model_.make(of, v);
    handles_.push_back(made);
    addresses_.push_back(made.raw());
    declared_.insert(mark);
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].from == of && targets[references[r].slot] != nobody)
            model_.set_target(r, mark, targets[references[r].slot]);
    }
    if (of == kind::step && targets[0] == nobody && draw % 8 != 0) set_target(step_next, mark, mark);
    return mark;
}

void machine::make(const operation& o) {
    const kind of = choose_kind(o.a);
    const int fresh = ++last_value_;
    values v{.label = fresh};
    if (rule_of(of).has_code) v.code = rule_of(of).code_may_be_null && o.b % 3 == 0 ? 0 : fresh;
    if (rule_of(of).has_number) v.number = o.b % 7 == 0 ? 1 : fresh;
    const int mark = make_object(of, v, o.c);
    if (o.b % 2 == 0) return;
    call("session.add(" + name(mark) + ");", [&] { access_of(of).add(*session_, handle(mark)); });
    model_.add(mark);
}

void machine::make_in_place(const operation& o) {
    const int old = choose(o.a, [&](int m) { return can_remove(m) && model_.at(m).now.code != 0; });
    if (old == nobody) return;
    const kind of = model_.at(old).of;
    values v = model_.at(old).now;
    v.label = ++last_value_;
    if (rule_of(of).has_number && o.b % 2 == 0) v.number = last_value_;
    if (o.b % 4 != 0) remove_object(old);
    if (!may_take_code(of, nobody, v.code)) return;
    const int mark = make_object(of, v, o.c);
    call("session.add(" + name(mark) + ");", [&] { access_of(of).add(*session_, handle(mark)); });
    model_.add(mark);
    if (o.b % 4 == 0 && can_remove(old)) remove_object(old);
}

void machine::add(const operation& o) {
    const int m = choose(
        o.a, [&](int i) { return can_use(i) && (model_.at(i).state == life::transient || o.b % 4 == 0); });
    if (m == nobody) return;
    call("session.add(" + name(m) + ");", [&] { access_of(model_.at(m).of).add(*session_, handle(m)); });
    model_.add(m);
}

// ---- one object refers to another ----

void machine::set_target(std::size_t reference, int child, int target) {
    const any_ref to = target == nobody ? any_ref() : handle(target);
    call(member(child, references[reference].name) + " = " + (target == nobody ? "nullptr" : name(target)) +
             ";",
         [&] { access_of_reference(reference).assign(handle(child), to); });
    model_.set_target(reference, child, target);
}

void machine::assign_target(const operation& o) {
    const int child = choose(o.a, [&](int m) { return can_use(m) && choose_reference(o.c, m).has_value(); });
    if (child == nobody) return;
    const std::size_t r = *choose_reference(o.c, child);
    const int target = choose(o.b, [&](int m) { return model_.at(m).of == references[r].to && can_take(m); });
    if (target == nobody) return;
    for (const int there : references[r].one ? model_.children_of(r, target) : std::vector<int>())
        if (there != child && !can_leave(r, there)) return;
    set_target(r, child, target);
}

void machine::push(const operation& o, bool at_front) {
    const auto answered = [&](int m) {
        const auto r = choose_reference(o.c, m);
        return r && access_of_reference(*r).many;
    };
    const int child = choose(o.a, [&](int m) { return can_use(m) && answered(m); });
    if (child == nobody) return;
    const std::size_t r = *choose_reference(o.c, child);
    const int parent = choose(o.b, [&](int m) { return model_.at(m).of == references[r].to && can_take(m); });
    if (parent == nobody) return;
    for (const int there : references[r].one ? model_.children_of(r, parent) : std::vector<int>())
        if (there != child && !can_leave(r, there)) return;
    const collection_access& many = *access_of_reference(r).many;
    const std::string collection = member(parent, references[r].many);
    if (references[r].one) {
        call(collection + " = " + name(child) + ";", [&] { many.push(handle(parent), handle(child)); });
    } else if (at_front) {
        call(collection + ".insert(0, " + name(child) + ");",
             [&] { many.insert(handle(parent), 0, handle(child)); });
    } else {
        call(collection + ".push_back(" + name(child) + ");",
             [&] { many.push(handle(parent), handle(child)); });
    }
    model_.set_target(r, child, parent);
}

void machine::unassign(const operation& o) {
    const auto leaves = [&](int m) {
        const auto r = choose_reference(o.c, m);
        return r && model_.target_of(*r, m) != nobody && can_leave(*r, m);
    };
    const int child = choose(o.a, [&](int m) { return can_use(m) && leaves(m); });
    if (child != nobody) set_target(*choose_reference(o.c, child), child, nobody);
}

void machine::erase(const operation& o) {
    const auto leaves = [&](int m) {
        const auto r = choose_reference(o.c, m);
        if (!r || !access_of_reference(*r).many) return false;
        const int parent = model_.target_of(*r, m);
        return parent >= 0 && can_use(parent) && can_leave(*r, m);
    };
    const int child = choose(o.a, [&](int m) { return can_use(m) && leaves(m); });
    if (child == nobody) return;
    const std::size_t r = *choose_reference(o.c, child);
    const int parent = model_.target_of(r, child);
    const collection_access& many = *access_of_reference(r).many;
    const std::string collection = member(parent, references[r].many);
    bool erased = false;
    call(collection + (references[r].one ? " = nullptr;" : ".erase(" + name(child) + ");"),
         [&] { erased = many.erase(handle(parent), handle(child)); });
    expect(erased, collection + " says that it does not have " + name(child));
    model_.set_target(r, child, nobody);
}

void machine::move_and_remove(const operation& o) {
    const int old = choose(o.a, [&](int m) {
        const kind of = model_.at(m).of;
        const bool has_children = std::any_of(references.begin(), references.end(),
                                              [&](const reference_rule& r) { return r.to == of && r.many; });
        return has_children && can_remove(m);
    });
    if (old == nobody) return;
    const int heir =
        choose(o.b, [&](int m) { return m != old && model_.at(m).of == model_.at(old).of && can_take(m); });
    if (heir == nobody) return;
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].to != model_.at(old).of || !references[r].many) continue;
        for (const int child : model_.children_of(r, old)) {
            const std::vector<int> there =
                references[r].one ? model_.children_of(r, heir) : std::vector<int>();
            if (!can_use(child) || (!there.empty() && !can_leave(r, there.front()))) continue;
            set_target(r, child, heir);
        }
    }
    if (can_remove(old)) remove_object(old);
}

// ---- foreign keys by hand ----

void machine::set_key(const operation& o) {
    const int child = choose(o.a, [&](int m) {
        return can_use(m) && model_.in_session(m) && choose_reference(o.c, m).has_value();
    });
    if (child == nobody) return;
    const std::size_t r = *choose_reference(o.c, child);
    const int target = choose(o.b, [&](int m) {
        const item& x = model_.at(m);
        if (x.of != references[r].to || x.state != life::persistent || x.orphan) return false;
        const bool known_by_key =
            model_.rows().rows.at(m).content.code == x.now.code || !rule_of(x.of).key_is_code;
        const std::vector<int> there = references[r].one ? model_.children_of(r, m) : std::vector<int>();
        // The value that the key has already is no change that anybody could see.
        const bool changes = model_.target_of(r, child) == m ||
                             access_of_reference(r).key(handle(child)).value_or(0) != model_.key_of(m);
        return known_by_key && changes && (there.empty() || there.front() == child);
    });
    if (target == nobody) return;
    const int before = model_.target_of(r, child);
    const bool unseen =
        before >= 0 &&
        model_.key_of(before) == 0; // the key held nothing before: unset again, it would be the same
    const int key = model_.key_of(target);
    call(member(child, references[r].key) + " = " +
             (rule_of(references[r].to).key_is_code ? quoted(code_text(key)) : std::to_string(key)) + ";",
         [&] { access_of_reference(r).set_key(handle(child), key); });
    model_.set_key(r, child, target);
    if (unseen) check_reference(r, child, true);
}

void machine::unset_key(const operation& o) {
    const auto has_key = [&](int m) {
        const auto r = choose_reference(o.c, m);
        if (!r || references[*r].required || model_.target_of(*r, m) < 0) return false;
        return access_of_reference(*r)
            .key(handle(m))
            .has_value(); // NULL over NULL is no change that anybody could see
    };
    const int child = choose(o.a, [&](int m) { return can_use(m) && model_.in_session(m) && has_key(m); });
    if (child == nobody) return;
    const std::size_t r = *choose_reference(o.c, child);
    call(member(child, references[r].key) + " = std::nullopt;",
         [&] { access_of_reference(r).set_key(handle(child), std::nullopt); });
    model_.set_key(r, child, nobody);
}

// ---- whole collections ----

void machine::assign_collection(const operation& o) {
    const std::size_t r = o.c % references.size();
    if (!references[r].many) return;
    const int parent = choose(o.a, [&](int m) { return model_.at(m).of == references[r].to && can_take(m); });
    if (parent == nobody) return;
    std::vector<int> wanted;
    std::uint32_t draw = o.b;
    for (int m = 0; m < model_.size(); ++m) {
        if (model_.at(m).of != references[r].from || !can_use(m)) continue;
        draw = draw * 1664525 + 1013904223;
        if (draw >> 30 == 0 && (!references[r].one || wanted.empty())) wanted.push_back(m);
    }
    std::vector<any_ref> objects;
    std::string list;
    for (const int m : wanted) {
        objects.push_back(handle(m));
        list += (list.empty() ? "" : ", ") + name(m);
    }
    const std::vector<int> before = model_.children_of(r, parent);
    const auto stays = [&](int m) { return std::find(wanted.begin(), wanted.end(), m) != wanted.end(); };
    for (const int m : before)
        if (!stays(m) && (!can_leave(r, m) || model_.at(m).state == life::removing)) return;
    const std::string value = !references[r].one ? "{" + list + "}" : list.empty() ? "nullptr" : list;
    call(member(parent, references[r].many) + " = " + value + ";",
         [&] { access_of_reference(r).many->assign(handle(parent), objects); });
    for (const int m : before)
        if (!stays(m)) model_.set_target(r, m, nobody);
    for (const int m : wanted) model_.set_target(r, m, parent);
}

void machine::clear_collection(const operation& o) {
    const std::size_t r = o.c % references.size();
    if (!references[r].many) return;
    const int parent = choose(o.a, [&](int m) { return model_.at(m).of == references[r].to && can_use(m); });
    if (parent == nobody) return;
    const std::vector<int> before = model_.children_of(r, parent);
    for (const int m : before)
        if (!can_leave(r, m) || model_.at(m).state == life::removing) return;
    call(member(parent, references[r].many) + (references[r].one ? " = nullptr;" : ".clear();"),
         [&] { access_of_reference(r).many->clear(handle(parent)); });
    for (const int m : before) model_.set_target(r, m, nobody);
}

// ---- many to many ----

void machine::link(const operation& o, bool linked) {
    const std::size_t p = o.c % pairings.size();
    const int left = choose(o.a, [&](int m) { return model_.at(m).of == pairings[p].left && can_take(m); });
    if (left == nobody) return;
    const int right = choose(o.b, [&](int m) {
        return model_.at(m).of == pairings[p].right && can_take(m) &&
               (linked || model_.are_linked(p, left, m));
    });
    if (right == nobody) return;
    const bool from_right = pairings[p].of_right && (o.c >> 8) % 2 == 0;
    const int owner = from_right ? right : left;
    const int other = from_right ? left : right;
    const pairing_access& sides = access_of_pairing(p);
    const collection_access& side = from_right ? *sides.of_right : *sides.of_left;
    const bool known = sides.of_left->is_loaded(handle(left)) ||
                       (sides.of_right && sides.of_right->is_loaded(handle(right)));
    uncertain_ = uncertain_ || !known;
    const std::string collection = member(owner, from_right ? pairings[p].of_right : pairings[p].of_left);
    bool erased = true;
    if (linked)
        call(collection + ".push_back(" + name(other) + ");",
             [&] { side.push(handle(owner), handle(other)); });
    else
        call(collection + ".erase(" + name(other) + ");",
             [&] { erased = side.erase(handle(owner), handle(other)); });
    expect(erased, collection + " says that it does not have " + name(other));
    model_.set_link(p, left, right, linked);
}

void machine::assign_links(const operation& o) {
    const std::size_t p = o.c % pairings.size();
    const bool of_right = pairings[p].of_right && (o.c >> 8) % 2 == 0;
    const int owner = choose(o.a, [&](int m) {
        return model_.at(m).of == (of_right ? pairings[p].right : pairings[p].left) && can_take(m);
    });
    if (owner == nobody) return;
    const kind others = of_right ? pairings[p].left : pairings[p].right;
    std::vector<int> wanted;
    std::uint32_t draw = o.b;
    for (int m = 0; m < model_.size(); ++m) {
        if (model_.at(m).of != others || !can_use(m)) continue;
        draw = draw * 1664525 + 1013904223;
        if (draw >> 30 == 0 && o.b % 4 != 0) wanted.push_back(m);
    }
    std::vector<any_ref> objects;
    std::string list;
    for (const int m : wanted) {
        objects.push_back(handle(m));
        list += (list.empty() ? "" : ", ") + name(m);
    }
    const collection_access& side = of_right ? *access_of_pairing(p).of_right : *access_of_pairing(p).of_left;
    call(member(owner, of_right ? pairings[p].of_right : pairings[p].of_left) + " = {" + list + "};",
         [&] { side.assign(handle(owner), objects); });
    const auto set = [&](int m, bool linked) {
        of_right ? model_.set_link(p, m, owner, linked) : model_.set_link(p, owner, m, linked);
    };
    for (const int m : model_.partners_of(p, owner, !of_right))
        if (std::find(wanted.begin(), wanted.end(), m) == wanted.end()) set(m, false);
    for (const int m : wanted) set(m, true);
}

// ---- values ----

void machine::set_label(const operation& o, bool back) {
    const int m = choose(o.a, [&](int i) { return can_use(i); });
    if (m == nobody) return;
    const values before = model_.at(m).now;
    values after = before;
    after.label = ++last_value_;
    const auto set = [&](const values& v) {
        call(member(m, "label") + " = " + quoted(label_text(v.label)) + ";",
             [&] { access_of(model_.at(m).of).write(handle(m), v); });
        model_.set_values(m, v);
    };
    set(after);
    if (back) set(before);
}

void machine::change_code(int mark, int code) {
    values v = model_.at(mark).now;
    v.code = code;
    const kind of = model_.at(mark).of;
    call(member(mark, "code") + " = " + code_literal(of, code) + ";",
         [&] { access_of(of).write(handle(mark), v); });
    model_.set_values(mark, v);
}

void machine::set_code(const operation& o) {
    const int m = choose(o.a, [&](int i) { return can_use(i) && rule_of(model_.at(i).of).has_code; });
    if (m == nobody) return;
    change_code(m, rule_of(model_.at(m).of).code_may_be_null && o.b % 4 == 0 ? 0 : ++last_value_);
}

void machine::take_code(const operation& o) {
    const int m = choose(o.a, [&](int i) { return can_use(i) && rule_of(model_.at(i).of).has_code; });
    if (m == nobody) return;
    const int other = choose(o.b, [&](int i) {
        const item& x = model_.at(i);
        return i != m && x.of == model_.at(m).of && x.now.code != 0 && x.state != life::gone &&
               x.state != life::deleted;
    });
    if (other == nobody) return;
    const int code = model_.at(other).now.code;
    if (may_take_code(model_.at(m).of, m, code)) change_code(m, code);
}

void machine::swap_codes(const operation& o, std::size_t how_many) {
    const int first = choose(o.a, [&](int i) { return can_use(i) && model_.at(i).now.code != 0; });
    if (first == nobody) return;
    std::vector<int> all{first};
    while (all.size() < how_many) {
        const int next = choose(o.b, [&](int i) {
            return can_use(i) && model_.at(i).of == model_.at(first).of && model_.at(i).now.code != 0 &&
                   std::find(all.begin(), all.end(), i) == all.end();
        });
        if (next == nobody) return;
        all.push_back(next);
    }
    const int code = model_.at(first).now.code;
    for (const int m : all)
        if (!may_take_code(model_.at(m).of, m, code)) return;
    for (std::size_t i = 0; i + 1 < all.size(); ++i) change_code(all[i], model_.at(all[i + 1]).now.code);
    change_code(all.back(), code);
}

void machine::swap_numbers(const operation& o) {
    const auto has_number = [&](int i) { return can_use(i) && rule_of(model_.at(i).of).has_number; };
    const int a = choose(o.a, has_number);
    const int b = choose(o.b, [&](int i) { return i != a && has_number(i); });
    if (a == nobody || b == nobody) return;
    const auto set = [&](int m, int number) {
        values v = model_.at(m).now;
        v.number = number;
        call(member(m, "number") + " = " + std::to_string(number) + ";",
             [&] { access_of(model_.at(m).of).write(handle(m), v); });
        model_.set_values(m, v);
    };
    const int number = model_.at(a).now.number;
    set(a, model_.at(b).now.number);
    if (o.c % 6 != 0) set(b, number);
}

void machine::touch(const operation& o) {
    const int m = choose(o.a, [&](int i) { return can_use(i); });
    if (m == nobody) return;
    call("(void)" + name(m) + ".edit();", [&] { access_of(model_.at(m).of).touch(handle(m)); });
}

// ---- removing ----

void machine::remove_object(int mark) {
    call("session.remove(" + name(mark) + ");", [&] { session_->remove(handle(mark)); });
    model_.remove(mark);
    let_go_of_gone();
}

void machine::remove(const operation& o) {
    const int m = choose(o.a, [&](int i) { return can_remove(i); });
    if (m != nobody) remove_object(m);
}

void machine::stay(const operation& o) {
    const int m = choose(o.a, [&](int i) { return is_bound(i) && model_.may_stay(i); });
    if (m == nobody) return;
    call("session.add(" + name(m) + ");", [&] { access_of(model_.at(m).of).add(*session_, handle(m)); });
    model_.add(m);
}

void machine::lose(const operation& o) {
    const int m = choose(o.a, [&](int i) { return is_bound(i) && model_.in_session(i); });
    if (m == nobody) return;
    code_.push_back(name(m) + " = nullptr;");
    handle(m) = any_ref();
}

} // namespace model
