// SPDX-License-Identifier: MIT
#include "model/machine.hpp"

#include <algorithm>

#include "kin/base/error.hpp"

namespace model {

machine::machine(stage& s, const setting& how) : stage_(s), how_(how), model_(s.checks_keys_at_end()) {
    stage_.clear();
    session_.emplace(stage_.db.session({.autoflush = how_.autoflush}));
    code_.push_back(how_.autoflush ? "kin::session session = db.session();"
                                   : "kin::session session = db.session({.autoflush = false});");
    audit_.emplace(*session_);
    model_.closed();
}

machine::~machine() {
    stage_.plan.disarm();
    session_->close();
}

void machine::run(const operation& o) {
    now_ = o;
    fired_ = false;
    std::string what;
    try {
        apply(o);
    } catch (const mismatch&) {
        throw;
    } catch (const std::exception& e) {
        expect(fired_, std::string("an exception that nobody expects: ") + e.what());
        expect(armed_fault::promises(o.fault, e),
               std::string("another exception than the fault promises: ") + e.what());
        what = e.what();
    }
    now_.fault = 0;
    faults_ += fired_ ? 1 : 0;
    if (!what.empty()) {
        recover_from_fault(o, what);
    } else if (failed_) {
        recover(o.c);
    }
    if (how_.checks_always || o.c % 5 == 0) check(o.b % 8 == 0);
    const std::string links = audit_->links();
    expect(links.empty(), links);
}

// ---- what goes wrong ----

namespace {

failure reason_of(const kin::error& e) {
    if (dynamic_cast<const kin::unique_violation*>(&e)) return failure::unique;
    if (dynamic_cast<const kin::foreign_key_violation*>(&e)) return failure::missing;
    if (dynamic_cast<const kin::not_null_violation*>(&e)) return failure::missing;
    if (e.code() == "cyclic_dependency") return failure::ring;
    if (e.code() == "unique_ring") return failure::unique_ring;
    throw mismatch("an error of a sort that nobody expects: " + std::string(e.code()) + ": " + e.what());
}

const char* class_of(failure f) {
    switch (f) {
    case failure::unique: return "kin::unique_violation";
    case failure::missing: return "kin::constraint_violation";
    case failure::ring:
    case failure::unique_ring: return "kin::state_error";
    }
    return "kin::error";
}

} // namespace

/// An error in a line that writes: the model must have known that it comes.
void machine::note_failure(const std::string& line, const verdict& v, const kin::error& e) {
    const failure f = reason_of(e);
    // Where there is no way, there may be no order either.
    const bool no_order = (f == failure::ring || f == failure::unique_ring) && !v.possible.empty();
    expect(no_order || v.possible.contains(f), line + " has failed, and must not: " + e.what());
    code_.back() = "EXPECT_THROW({ " + line + " }, " + class_of(f) + ");";
    failed_ = true;
    ++expected_errors_;
}

/// Whatever a session is asked for after its transaction has failed, it refuses.
void machine::expect_refusal(std::uint32_t draw) {
    const auto refuses = [&](const std::string& line, auto&& f) {
        code_.push_back("EXPECT_THROW({ " + line + " }, kin::pending_rollback);");
        try {
            f();
        } catch (const kin::pending_rollback&) {
            return;
        }
        throw mismatch("a session whose transaction has failed goes on: " + line);
    };
    switch (draw % 5) {
    case 0: return refuses("session.flush();", [&] { session_->flush(); });
    case 1: return refuses("session.commit();", [&] { session_->commit(); });
    case 2: return refuses("(void)session.plan();", [&] { (void)session_->plan(); });
    case 3: return refuses("(void)session.begin_nested();", [&] { (void)session_->begin_nested(); });
    default:
        return refuses("(void)session.query<Team>().all();",
                       [&] { (void)access_of(kind::team).query(*session_, false); });
    }
}

void machine::recover(std::uint32_t draw) {
    expect_refusal(draw);
    failed_ = false;
    if (model_.savepoints() == 0 || draw % 3 == 0 || !undo_to_savepoint()) undo_all();
}

void machine::recover_from_fault(const operation& o, const std::string& what) {
    code_.push_back("// " + armed_fault::text_of(o.fault) + ": " + what);
    failed_ = false;
    if (stage_.plan.committed()) {
        // The session could not know that the COMMIT was done: what it believes is the past.
        const std::string wrong = model_.flushed(stage_.committed());
        expect(wrong.empty(), wrong);
        model_.committed_now();
        session_->close();
        code_.push_back("session.close();");
        model_.closed();
        let_go_of_all();
        return;
    }
    if (model_.savepoints() == 0 || o.c % 2 != 0 || !undo_to_savepoint()) undo_all();
}

void machine::undo_all() {
    code_.push_back("session.rollback();");
    session_->rollback();
    savepoints_.clear();
    uncertain_ = false;
    model_.rolled_back();
    adopt_new_objects();
    check_settled();
}

/// False when a fault has made the database give up more than that, or has come when the savepoint had ended.
bool machine::undo_to_savepoint() {
    code_.push_back("savepoint" + std::to_string(savepoints_.size()) + ".rollback();");
    try {
        savepoints_.back().rollback();
    } catch (const kin::error& e) {
        if (!fired_) throw;
        code_.back() = "EXPECT_THROW({ " + code_.back() + " }, kin::error); // " + std::string(e.code());
        return false;
    }
    savepoints_.pop_back();
    undone_to_savepoint();
    return true;
}

void machine::undone_to_savepoint() {
    uncertain_ = false;
    model_.savepoint_rolled_back();
    adopt_new_objects();
    const std::string wrong = difference(seen_rows(), model_.rows());
    expect(wrong.empty(), "after the rollback to a savepoint: " + wrong);
}

// ---- objects ----

int machine::find(const any_ref& object, const std::string& where) {
    const facts f = facts_of(object);
    expect(f.mark >= 0 && f.mark < model_.size() && model_.at(f.mark).of == kind_of(object),
           where + " gives an object that nobody has made");
    const void*& address = addresses_[static_cast<std::size_t>(f.mark)];
    expect(!address || address == object.raw(),
           where + " gives another object for the row of " + name(f.mark));
    address = object.raw();
    if (!is_bound(f.mark)) {
        handle(f.mark) = object;
        code_.push_back((declared_.insert(f.mark).second ? "auto " : "") + name(f.mark) + " = " + where +
                        ";");
    }
    return f.mark;
}

std::vector<int> machine::find_all(const std::vector<any_ref>& objects, const std::string& where) {
    std::vector<int> marks;
    for (const any_ref& object : objects)
        marks.push_back(
            find(object, "by_mark(" + where + ", " + std::to_string(facts_of(object).mark) + ")"));
    std::sort(marks.begin(), marks.end());
    return marks;
}

void machine::let_go_of_all() {
    for (any_ref& object : handles_) object = any_ref();
    std::fill(addresses_.begin(), addresses_.end(), nullptr);
    savepoints_.clear();
    uncertain_ = false;
}

/// Those that left with a removed one.
void machine::let_go_of_gone() {
    for (int i = 0; i < model_.size(); ++i)
        if (model_.at(i).state == life::gone) handle(i) = any_ref();
}

bool machine::can_take(int mark) const {
    return can_use(mark) && !(model_.at(mark).orphan && model_.at(mark).state == life::pending);
}

bool machine::can_leave(std::size_t reference, int child) const {
    return model_.may_become_orphan(reference, child);
}

/// A row that takes the key of one that goes takes over who refers to it: only if nobody does that cannot notice.
bool machine::may_take_code(kind of, int mark, int code) const {
    if (of != kind::step) return true;
    for (int i = 0; i < model_.size(); ++i) {
        const item& x = model_.at(i);
        if (i == mark || x.of != kind::step || x.state != life::removing) continue;
        if (model_.rows().rows.at(i).content.code != code && x.now.code != code) continue;
        for (const int c : model_.children_of(step_next, i))
            if (model_.at(c).state != life::removing) return false;
    }
    return true;
}

bool machine::can_remove(int mark) const {
    if (!can_use(mark) || model_.at(mark).state != life::persistent) return false;
    if (model_.is_known_outside(mark)) return false;
    const std::vector<int> previous =
        model_.at(mark).of == kind::step ? model_.children_of(step_next, mark) : std::vector<int>();
    const bool has_followers = std::any_of(previous.begin(), previous.end(), [&](int c) {
        return c != mark && model_.at(c).state != life::removing;
    });
    if (!has_followers) return true;
    const int code = model_.rows().rows.at(mark).content.code;
    for (int i = 0; i < model_.size(); ++i) {
        const item& x = model_.at(i);
        if (i != mark && x.of == kind::step && x.state != life::gone &&
            (x.now.code == code || x.now.code == model_.at(mark).now.code))
            return false;
    }
    return true;
}

std::optional<std::size_t> machine::choose_reference(std::uint32_t draw, int child) const {
    std::vector<std::size_t> all;
    for (std::size_t r = 0; r < references.size(); ++r)
        if (references[r].from == model_.at(child).of) all.push_back(r);
    if (all.empty()) return std::nullopt;
    return all[draw % all.size()];
}

kind machine::choose_kind(std::uint32_t draw) const {
    std::vector<kind> all;
    for (std::size_t i = 0; i < kinds; ++i)
        if ((how_.classes >> i) & 1) all.push_back(static_cast<kind>(i));
    return all.empty() ? static_cast<kind>(draw % kinds) : all[draw % all.size()];
}

database machine::seen_rows() {
    if (!session_->in_transaction()) return stage_.committed();
    return read_rows(audit_->lease());
}

} // namespace model
