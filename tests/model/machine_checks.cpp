// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "model/machine.hpp"

/// Comparing kin with the reference model.
namespace model {

namespace {

kin::object_state state_for(life l) {
    switch (l) {
    case life::transient: return kin::object_state::transient;
    case life::pending: return kin::object_state::pending;
    case life::persistent:
    case life::removing: return kin::object_state::persistent;
    case life::deleted: return kin::object_state::deleted;
    case life::gone: break;
    }
    return kin::object_state::detached;
}

std::string shown(const values& v) {
    return "label " + std::to_string(v.label) + ", code " + std::to_string(v.code) + ", number " +
           std::to_string(v.number);
}

} // namespace

void machine::check(bool loads) {
    for (int i = 0; i < model_.size(); ++i)
        if (is_bound(i)) check_object(i, loads);
}

void machine::check_object(int mark, bool loads) {
    const item& x = model_.at(mark);
    const any_ref& object = handle(mark);
    expect(kin::state_of(object) == state_for(x.state),
           name(mark) + " is in state " + std::to_string(static_cast<int>(kin::state_of(object))) +
               ", expected " + std::to_string(static_cast<int>(state_for(x.state))));
    if (x.state == life::deleted) return;
    const facts f = access_of(x.of).read(object);
    expect(f.mark == mark, name(mark) + " has the mark of another");
    expect(f.content == x.now, name(mark) + " has " + shown(f.content) + ", expected " + shown(x.now));
    expect(f.id == x.id,
           name(mark) + " has id " + std::to_string(f.id) + ", expected " + std::to_string(x.id));
    if (x.state != life::removing) check_relations(mark, loads);
}

void machine::check_relations(int mark, bool loads) {
    const kind of = model_.at(mark).of;
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].from == of) check_reference(r, mark, loads);
        if (references[r].to == of && references[r].many)
            check_collection(references[r].many, mark, *access_of_reference(r).many,
                             model_.children_of(r, mark), loads, references[r].one);
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        if (pairings[p].left == of)
            check_collection(pairings[p].of_left, mark, *access_of_pairing(p).of_left,
                             model_.partners_of(p, mark, true), loads);
        if (pairings[p].right == of && pairings[p].of_right)
            check_collection(pairings[p].of_right, mark, *access_of_pairing(p).of_right,
                             model_.partners_of(p, mark, false), loads);
    }
}

void machine::check_reference(std::size_t reference, int child, bool loads) {
    const reference_access& access = access_of_reference(reference);
    if (!loads && !access.is_loaded(handle(child))) return;
    const any_ref target = access.read(handle(child));
    const int expected = model_.target_of(reference, child);
    const int found = target ? facts_of(target).mark : nobody;
    if (found == expected || expected == unknown) return;
    const auto goes = [&](int mark) {
        return model_.at(mark).state == life::removing || model_.at(mark).state == life::deleted;
    };
    const bool left_early = found == nobody && model_.waits() && expected >= 0 && goes(expected);
    if (left_early && references[reference].at_removal == farewell::unlinked) {
        model_.adopt_target(reference, child, nobody);
        return;
    }
    throw mismatch(member(child, references[reference].name) + " is " +
                   (found == nobody ? "null" : name(found)) + ", expected " +
                   (expected == nobody ? "null" : name(expected)));
}

void machine::check_collection(const std::string& of_owner, int owner, const collection_access& many,
                               std::vector<int> expected, bool loads, bool is_one) {
    if (!loads && !many.is_loaded(handle(owner))) return;
    std::vector<int> found;
    for (const any_ref& object : many.read(handle(owner))) found.push_back(facts_of(object).mark);
    std::sort(found.begin(), found.end());
    if (found == expected) return;
    // By their keys several may claim the place of a has_one, until a flush refuses them: it shows one of them.
    if (is_one && found.size() == 1 &&
        std::find(expected.begin(), expected.end(), found.front()) != expected.end())
        return;
    std::string text = name(owner) + "->" + of_owner + " has";
    for (const int m : found) text += " " + name(m);
    text += ", expected";
    for (const int m : expected) text += " " + name(m);
    throw mismatch(text);
}

/// Right after a flush every foreign key is the key of the object that is referred to.
void machine::check_keys() {
    for (int i = 0; i < model_.size(); ++i) {
        if (!is_bound(i) || model_.at(i).state != life::persistent) continue;
        for (std::size_t r = 0; r < references.size(); ++r) {
            if (references[r].from != model_.at(i).of) continue;
            const int target = model_.target_of(r, i);
            const int expected = target == nobody ? 0 : model_.key_of(target);
            expect(access_of_reference(r).key(handle(i)).value_or(0) == expected,
                   member(i, references[r].key) + " is not the key of " +
                       (target == nobody ? "nobody" : name(target)));
        }
    }
}

/// Objects of a closed session stay readable, as the last commit left them.
void machine::check_detached() {
    for (int i = 0; i < model_.size(); ++i) {
        if (!is_bound(i) || model_.at(i).state != life::persistent) continue;
        expect(kin::state_of(handle(i)) == kin::object_state::detached, name(i) + " is not detached");
        expect(access_of(model_.at(i).of).read(handle(i)).content == model_.at(i).now,
               name(i) + " has lost its values with its session");
    }
}

/// Right after the end of a transaction.
void machine::check_settled() {
    const std::string wrong = difference(stage_.committed(), model_.committed());
    expect(wrong.empty(), "the database after the end of a transaction: " + wrong);
    const std::string unsettled = audit_->settled(stage_.raw());
    expect(unsettled.empty(), unsettled);
    expect(!session_->has_changes(), "there are changes after the end of a transaction");
}

// ---- objects without a row after a rollback ----

/// They are the program's: it looks at what they are linked to. Those that it cannot reach any more are forgotten.
void machine::adopt_new_objects() {
    std::vector<int> open;
    for (int i = 0; i < model_.size(); ++i)
        if (is_bound(i) && model_.at(i).state == life::transient) open.push_back(i);
    std::vector<int> found = open;
    while (!open.empty()) {
        const int mark = open.back();
        open.pop_back();
        const std::size_t before = open.size();
        adopt(mark, open);
        found.insert(found.end(), open.begin() + static_cast<std::ptrdiff_t>(before), open.end());
    }
    std::sort(found.begin(), found.end());
    for (int i = 0; i < model_.size(); ++i) {
        if (model_.at(i).state == life::transient && !std::binary_search(found.begin(), found.end(), i))
            model_.forget(i);
        if (model_.at(i).state == life::gone) handle(i) = any_ref();
    }
}

/// Takes over the links of one, and adds to `open` whom it leads to for the first time.
void machine::adopt(int mark, std::vector<int>& open) {
    const kind of = model_.at(mark).of;
    // `answers`: the other one knows of it, so both have a row or none has.
    const auto reach = [&](const any_ref& object, const std::string& where, bool answers) {
        const bool known = is_bound(facts_of(object).mark);
        const int m = find(object, where);
        if (model_.at(m).state == life::gone) model_.revive(m);
        if (!answers && model_.at(m).state != life::transient) return m;
        expect(model_.at(m).state == life::transient, "after a rollback " + where + " is " + name(m) +
                                                          ", which has a row, and " + name(mark) +
                                                          " has none");
        if (!known) open.push_back(m);
        return m;
    };
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].from == of) {
            const std::string where = member(mark, references[r].name) + ".get()";
            const any_ref target = access_of_reference(r).read(handle(mark));
            model_.adopt_target(r, mark, target ? reach(target, where, references[r].many) : nobody);
            const int key = target ? 0 : access_of_reference(r).key(handle(mark)).value_or(0);
            expect(key == 0 || model_.row_with_key(references[r].to, key) != nobody ||
                       model_.is_nobodys_key(r, mark, key),
                   member(mark, references[r].key) + " is the key of a row that the rollback has taken away");
            model_.adopt_key(r, mark, key);
        }
        if (references[r].to != of || !references[r].many) continue;
        for (const any_ref& child : access_of_reference(r).many->read(handle(mark)))
            reach(child,
                  "by_mark(" + member(mark, references[r].many) + ", " +
                      std::to_string(facts_of(child).mark) + ")",
                  true);
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        const auto adopt_side = [&](const collection_access& side, const char* of_side, bool is_left) {
            for (const int m : model_.partners_of(p, mark, is_left))
                model_.adopt_link(p, is_left ? mark : m, is_left ? m : mark, false);
            for (const any_ref& other : side.read(handle(mark))) {
                const int m = reach(other,
                                    "by_mark(" + member(mark, of_side) + ", " +
                                        std::to_string(facts_of(other).mark) + ")",
                                    pairings[p].of_right);
                model_.adopt_link(p, is_left ? mark : m, is_left ? m : mark, true);
            }
        };
        if (pairings[p].left == of) adopt_side(*access_of_pairing(p).of_left, pairings[p].of_left, true);
        if (pairings[p].right == of && pairings[p].of_right)
            adopt_side(*access_of_pairing(p).of_right, pairings[p].of_right, false);
    }
}

} // namespace model
