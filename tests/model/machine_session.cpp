// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "model/machine.hpp"

/// The operations of the session itself: reading, writing, transactions.
namespace model {

/// Reading a row again must not put two objects into the place of one.
bool machine::can_come_back(int mark) const {
    const auto at = model_.rows().rows.find(mark);
    if (at == model_.rows().rows.end()) return true;
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].from != at->second.of || !references[r].one) continue;
        const int target = at->second.targets[references[r].slot];
        if (target == nobody) continue;
        const std::vector<int> there = model_.children_of(r, target);
        if (!there.empty() && there.front() != mark) return false;
    }
    return true;
}

void machine::refresh(const operation& o) {
    const int m = choose(o.a, [&](int i) {
        if (!can_use(i) || model_.at(i).state != life::persistent) return false;
        const std::vector<int> all = model_.refreshed_with(i);
        return std::all_of(all.begin(), all.end(), [&](int c) { return can_come_back(c); });
    });
    if (m == nobody) return;
    // Those that go along are those in collections that are loaded; remove() has loaded them already.
    for (const int owner : model_.refreshed_with(m)) {
        if (!is_bound(owner) || model_.at(owner).state != life::persistent) continue;
        for (std::size_t r = 0; r < references.size(); ++r) {
            if (references[r].to != model_.at(owner).of || !references[r].cascades) continue;
            read_many(r, owner);
        }
    }
    call("session.refresh(" + name(m) + ");", [&] { session_->refresh(handle(m)); });
    model_.refresh(m);
}

/// The objects that refer to `owner`.
void machine::read_many(std::size_t reference, int owner) {
    const reference_rule& rule = references[reference];
    const std::string where = member(owner, rule.many);
    std::vector<any_ref> found;
    call("(void)std::as_const(*" + name(owner) + ")." + rule.many + (rule.one ? ".get();" : ".size();"),
         [&] { found = access_of_reference(reference).many->read(handle(owner)); });
    if (!rule.one) {
        (void)find_all(found, where);
    } else if (!found.empty()) {
        find(found.front(), where + ".get()");
    }
}

void machine::read(const operation& o) {
    const int m = choose(o.a, [&](int i) { return can_use(i); });
    if (m == nobody) return;
    const kind of = model_.at(m).of;
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (references[r].from == of) {
            const std::string where = member(m, references[r].name);
            any_ref target;
            call("(void)" + where + ".get();", [&] { target = access_of_reference(r).read(handle(m)); });
            if (target) find(target, where + ".get()");
        }
        if (references[r].to != of || !references[r].many) continue;
        read_many(r, m);
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        const auto read_side = [&](const collection_access& side, const char* of_side) {
            std::vector<any_ref> found;
            call("(void)" + member(m, of_side) + ".size();", [&] { found = side.read(handle(m)); });
            (void)find_all(found, member(m, of_side));
        };
        if (pairings[p].left == of) read_side(*access_of_pairing(p).of_left, pairings[p].of_left);
        if (pairings[p].right == of && pairings[p].of_right)
            read_side(*access_of_pairing(p).of_right, pairings[p].of_right);
    }
    check_object(m, true);
}

/// What an autoflush has written, if there was one.
void machine::autoflushed_if_seen() {
    const database seen = seen_rows();
    if (seen == model_.rows()) return;
    const std::string wrong = model_.autoflushed(seen);
    expect(wrong.empty(), "after an autoflush: " + wrong);
    let_go_of_gone();
}

void machine::query(const operation& o) {
    const kind of = choose_kind(o.a);
    const bool eager = o.b % 3 == 0;
    const std::string found_name = std::string("found") + std::to_string(code_.size());
    const std::string line = "const auto " + found_name + " = session.query<" + rule_of(of).name +
                             ">().all();" + (eager ? " // with(selectin)" : "");
    std::vector<any_ref> found;
    const auto run = [&] { found = access_of(of).query(*session_, eager); };
    if (how_.autoflush) {
        if (!write(line, false, run)) return;
        const std::string wrong = model_.autoflushed(seen_rows());
        expect(wrong.empty(), "after the flush before a query: " + wrong);
        let_go_of_gone();
    } else {
        call(line, run);
    }
    std::vector<int> expected;
    for (const auto& [mark, r] : model_.rows().rows)
        if (r.of == of) expected.push_back(mark);
    expect(find_all(found, found_name) == expected,
           "the query gives other objects than the database has rows");
}

void machine::get(const operation& o) {
    const int m = choose(o.a, [&](int i) {
        const item& x = model_.at(i);
        if (x.state != life::persistent || x.orphan) return false;
        return !rule_of(x.of).key_is_code || model_.rows().rows.at(i).content.code == x.now.code;
    });
    if (m == nobody) return;
    const kind of = model_.at(m).of;
    const int key = model_.key_of(m);
    const std::string expression =
        std::string("session.get<") + rule_of(of).name + ">(" +
        (rule_of(of).key_is_code ? '"' + code_text(key) + '"' : std::to_string(key)) + ")";
    any_ref found;
    if (!write_maybe("(void)" + expression + ";", [&] { found = access_of(of).get(*session_, key); })) return;
    autoflushed_if_seen();
    if (model_.at(m).state != life::persistent) return; // the autoflush has deleted it
    expect(found && find(found, expression) == m, expression + " gives something else");
}

void machine::count(const operation& o) {
    const std::size_t r = o.c % references.size();
    if (!references[r].many || references[r].one) return;
    const int parent = choose(o.a, [&](int m) { return model_.at(m).of == references[r].to && can_use(m); });
    if (parent == nobody) return;
    const collection_access& many = *access_of_reference(r).many;
    const bool loaded = many.is_loaded(handle(parent));
    std::size_t count = 0;
    const std::string expression = member(parent, references[r].many) + ".count()";
    if (!write_maybe("(void)" + expression + ";", [&] { count = many.count(handle(parent)); })) return;
    autoflushed_if_seen();
    if (!loaded && (!how_.autoflush || model_.waits())) return; // counts rows
    const std::size_t expected = model_.children_of(r, parent).size();
    expect(count == expected,
           expression + " is " + std::to_string(count) + ", expected " + std::to_string(expected));
}

void machine::contains(const operation& o) {
    const std::size_t p = o.c % pairings.size();
    const int left = choose(o.a, [&](int m) { return model_.at(m).of == pairings[p].left && can_use(m); });
    const int right = choose(o.b, [&](int m) { return model_.at(m).of == pairings[p].right && can_use(m); });
    if (left == nobody || right == nobody) return;
    const std::string expression = member(left, pairings[p].of_left) + ".contains(" + name(right) + ")";
    bool there = false;
    call("(void)" + expression + ";",
         [&] { there = access_of_pairing(p).of_left->contains(handle(left), handle(right)); });
    expect(there == model_.are_linked(p, left, right), expression + " says the opposite");
}

/// Shows what a flush would do, and changes nothing.
void machine::plan() {
    const verdict v = model_.judge_flush(true);
    stage_.counter.reset();
    try {
        call("(void)session.plan();", [&] { (void)session_->plan(); });
    } catch (const kin::state_error& e) {
        if (fired_) throw;
        expect(!v.possible.empty(), std::string("there is no plan: ") + e.what());
    }
    expect(stage_.counter.writing() == 0, "plan() has written something");
}

void machine::has_changes() {
    if (!model_.judge_flush(true).possible.empty()) return; // there may be no order
    bool changes = false;
    stage_.counter.reset();
    call("(void)session.has_changes();", [&] { changes = session_->has_changes(); });
    expect(stage_.counter.count() == 0, "has_changes() has sent a statement");
    if (uncertain_) return;
    expect(changes == model_.has_work(), changes ? "has_changes() knows of a change that nobody made"
                                                 : "has_changes() knows of no change, and there is one");
}

/// Another session reads what is committed, and nothing else.
void machine::read_elsewhere(const operation& o) {
    const kind of = choose_kind(o.a);
    code_.push_back(std::string("(void)db.session().query<") + rule_of(of).name + ">().all();");
    kin::session reader = stage_.db.session();
    std::vector<int> marks;
    for (const any_ref& object : access_of(of).query(reader, o.b % 2 == 0)) {
        const facts f = access_of(of).read(object);
        marks.push_back(f.mark);
        const auto at = model_.committed().rows.find(f.mark);
        expect(at != model_.committed().rows.end(), "another session reads a row that is not committed");
        expect(at->second.content == f.content && at->second.id == f.id,
               "another session reads other values");
        for (std::size_t r = 0; r < references.size(); ++r) {
            if (references[r].from != of) continue;
            const any_ref target = access_of_reference(r).read(object);
            const int mark = target ? facts_of(target).mark : nobody;
            expect(mark == at->second.targets[references[r].slot],
                   "another session finds another object to refer to");
        }
    }
    const auto is_of_kind = [&](const auto& r) { return r.second.of == of; };
    const auto& rows = model_.committed().rows;
    expect(static_cast<std::ptrdiff_t>(marks.size()) == std::count_if(rows.begin(), rows.end(), is_of_kind),
           "another session does not read all rows");
}

// ---- transactions ----

void machine::flush() {
    const bool idle = !model_.has_work() && !uncertain_;
    stage_.counter.reset();
    if (!write("session.flush();", true, [&] { session_->flush(); })) return;
    expect(!idle || stage_.counter.count() == 0,
           "flush() has sent statements, and there was nothing to write");
    written();
}

void machine::written() {
    const std::string wrong = model_.flushed(seen_rows());
    expect(wrong.empty(), "after a flush: " + wrong);
    uncertain_ = false;
    expect(!session_->has_changes(), "there are changes right after a flush");
    check_keys();
    let_go_of_gone();
}

void machine::commit() {
    const bool idle = !model_.has_work() && !uncertain_;
    stage_.counter.reset();
    if (!write("session.commit();", true, [&] { session_->commit(); })) return;
    expect(!idle || stage_.counter.count() == 0,
           "commit() has sent statements, and there was nothing to write");
    savepoints_.clear();
    written();
    model_.committed_now();
    let_go_of_gone();
    if (now_.b % 4 == 0) check_settled();
}

void machine::rollback() {
    call("session.rollback();", [&] { session_->rollback(); });
    savepoints_.clear();
    uncertain_ = false;
    model_.rolled_back();
    adopt_new_objects();
    check_settled();
}

void machine::begin_savepoint() {
    if (model_.savepoints() >= 3) return;
    const std::string savepoint = "savepoint" + std::to_string(model_.savepoints() + 1);
    savepoints_.reserve(3);
    if (!write("auto " + savepoint + " = session.begin_nested();", true,
               [&] { savepoints_.push_back(session_->begin_nested()); }))
        return;
    written();
    model_.savepoint_begun();
}

void machine::release_savepoint() {
    if (model_.savepoints() == 0) return;
    if (!write("savepoint" + std::to_string(savepoints_.size()) + ".commit();", true,
               [&] { savepoints_.back().commit(); }))
        return;
    savepoints_.pop_back();
    written();
    model_.savepoint_released();
}

void machine::roll_back_savepoint() {
    if (model_.savepoints() == 0) return;
    call("savepoint" + std::to_string(savepoints_.size()) + ".rollback();",
         [&] { savepoints_.back().rollback(); });
    savepoints_.pop_back();
    undone_to_savepoint();
}

void machine::reopen(const operation& o) {
    if (o.b % 2 == 0) {
        call("session.close();", [&] { session_->close(); });
    } else {
        call("session = db.session();",
             [&] { *session_ = stage_.db.session({.autoflush = how_.autoflush}); });
    }
    model_.closed();
    if (!fired_) check_detached();
    let_go_of_all();
    audit_.emplace(*session_);
}

} // namespace model
