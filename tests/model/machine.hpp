// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kin/kin.hpp"
#include "model/armed_fault.hpp"
#include "model/object_access.hpp"
#include "model/operation.hpp"
#include "model/reference_model.hpp"
#include "model/stage.hpp"
#include "support/session_audit.hpp"

namespace model {

/// kin has done something else than the reference model.
struct mismatch : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Does every operation to a session and to the reference model, and compares the two: objects after each operation, the database
/// after each flush, the past after each rollback. What it does is written down as C++.
class machine {
public:
    machine(stage& s, const setting& how);
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;
    ~machine();

    void run(const operation& o);
    [[nodiscard]] const std::vector<std::string>& code() const noexcept { return code_; }
    [[nodiscard]] std::size_t faults() const noexcept { return faults_; }
    [[nodiscard]] std::size_t expected_errors() const noexcept { return expected_errors_; }

private:
    // ---- operations: machine_objects.cpp ----
    void apply(const operation& o);
    void make(const operation& o);
    void make_in_place(const operation& o);
    int make_object(kind of, values v, std::uint32_t draw);
    void add(const operation& o);
    void assign_target(const operation& o);
    void push(const operation& o, bool at_front);
    void unassign(const operation& o);
    void erase(const operation& o);
    void move_and_remove(const operation& o);
    void set_key(const operation& o);
    void unset_key(const operation& o);
    void assign_collection(const operation& o);
    void clear_collection(const operation& o);
    void link(const operation& o, bool linked);
    void assign_links(const operation& o);
    void set_label(const operation& o, bool back);
    void set_code(const operation& o);
    void take_code(const operation& o);
    void swap_codes(const operation& o, std::size_t how_many);
    void swap_numbers(const operation& o);
    void touch(const operation& o);
    void remove(const operation& o);
    void stay(const operation& o);
    void lose(const operation& o);

    // ---- operations of the session: machine_session.cpp ----
    void refresh(const operation& o);
    void read_many(std::size_t reference, int owner);
    void read(const operation& o);
    void query(const operation& o);
    void get(const operation& o);
    void count(const operation& o);
    void contains(const operation& o);
    void plan();
    void has_changes();
    void read_elsewhere(const operation& o);
    void flush();
    void commit();
    void rollback();
    void begin_savepoint();
    void release_savepoint();
    void roll_back_savepoint();
    void reopen(const operation& o);

    /// Does one line of a program, with the fault of this operation if it has one.
    template <class F> void call(const std::string& line, F&& f);
    /// ... that writes: it fails exactly when the model says so. Returns whether it has succeeded.
    template <class F> bool write(const std::string& line, bool everything, F&& f);
    void note_failure(const std::string& line, const verdict& v, const kin::error& e);
    /// ... that writes only if the session sends a statement for it and has autoflush.
    template <class F> bool write_maybe(const std::string& line, F&& f);
    void set_target(std::size_t reference, int child, int target);
    void remove_object(int mark);
    void change_code(int mark, int code);
    void written();
    void let_go_of_all();
    void let_go_of_gone();
    void autoflushed_if_seen();
    void recover(std::uint32_t draw);
    void recover_from_fault(const operation& o, const std::string& what);
    void undo_all();
    [[nodiscard]] bool undo_to_savepoint();
    void undone_to_savepoint();
    void expect_refusal(std::uint32_t draw);

    // ---- comparing: machine_checks.cpp ----
    void check(bool loads);
    void check_object(int mark, bool loads);
    void check_reference(std::size_t reference, int child, bool loads);
    void check_collection(const std::string& name, int owner, const collection_access& many,
                          std::vector<int> expected, bool loads, bool is_one = false);
    void check_relations(int mark, bool loads);
    void check_keys();
    void check_detached();
    void check_settled();
    void adopt_new_objects();
    void adopt(int mark, std::vector<int>& open);
    [[nodiscard]] database seen_rows();
    static void expect(bool condition, const std::string& what) {
        if (!condition) throw mismatch(what);
    }

    // ---- objects ----
    /// The mark of an object that kin gave out. Binds it when it was not known to the program.
    int find(const any_ref& object, const std::string& where);
    [[nodiscard]] std::vector<int> find_all(const std::vector<any_ref>& objects, const std::string& where);
    [[nodiscard]] any_ref& handle(int mark) { return handles_[static_cast<std::size_t>(mark)]; }
    [[nodiscard]] bool is_bound(int mark) const {
        return static_cast<bool>(handles_[static_cast<std::size_t>(mark)]);
    }
    [[nodiscard]] bool can_use(int mark) const { return is_bound(mark) && model_.is_usable(mark); }
    /// May get children, or be linked: does not leave the session with the next flush.
    [[nodiscard]] bool can_take(int mark) const;
    [[nodiscard]] bool can_leave(std::size_t reference, int child) const;
    [[nodiscard]] bool may_take_code(kind of, int mark, int code) const;
    [[nodiscard]] bool can_remove(int mark) const;
    [[nodiscard]] bool can_come_back(int mark) const;
    template <class Test> [[nodiscard]] int choose(std::uint32_t draw, Test&& fits) const;
    [[nodiscard]] std::optional<std::size_t> choose_reference(std::uint32_t draw, int child) const;
    [[nodiscard]] kind choose_kind(std::uint32_t draw) const;
    [[nodiscard]] std::string name(int mark) const { return name_of(model_.at(mark).of, mark); }
    [[nodiscard]] std::string member(int owner, const char* name_of_member) const {
        return name(owner) + "->" + name_of_member;
    }
    [[nodiscard]] std::string made_with(kind of, int mark, const values& v,
                                        const std::vector<int>& targets) const;

    stage& stage_;
    setting how_;
    reference_model model_;
    std::vector<any_ref> handles_;       // by mark; null: the program has lost it
    std::vector<const void*> addresses_; // by mark; where it was last seen in this session
    std::set<int> declared_;             // variables of the program
    std::vector<std::string> code_;
    int last_value_ = 0;
    std::uint32_t opened_ = 0;
    bool failed_ = false;    // the transaction waits for rollback()
    bool uncertain_ = false; // links were changed of which memory did not know how they were
    operation now_;
    bool fired_ = false; // the fault of this operation has come
    std::size_t faults_ = 0;
    std::size_t expected_errors_ = 0;
    std::optional<kin::session> session_;
    std::optional<kin::testing::session_audit> audit_;
    std::vector<kin::savepoint> savepoints_;
};

template <class F> void machine::call(const std::string& line, F&& f) {
    code_.push_back(line);
    if (now_.fault == 0 || fired_) {
        f();
        return;
    }
    const armed_fault fault(stage_.plan, now_.fault, fired_);
    f();
}

template <class F> bool machine::write(const std::string& line, bool everything, F&& f) {
    const verdict v = model_.judge_flush(everything);
    try {
        call(line, f);
    } catch (const kin::error& e) {
        if (fired_ && armed_fault::promises(now_.fault, e)) throw;
        note_failure(line, v, e);
        return false;
    }
    expect(!v.certain, line + " has succeeded, and must not");
    return true;
}

template <class F> bool machine::write_maybe(const std::string& line, F&& f) {
    verdict v = model_.judge_flush(false);
    try {
        call(line, f);
    } catch (const kin::error& e) {
        if (fired_ && armed_fault::promises(now_.fault, e)) throw;
        expect(how_.autoflush, line + " has failed, and has nothing to write: " + e.what());
        note_failure(line, v, e);
        return false;
    }
    return true;
}

template <class Test> int machine::choose(std::uint32_t draw, Test&& fits) const {
    std::vector<int> all;
    for (int i = 0; i < model_.size(); ++i)
        if (fits(i)) all.push_back(i);
    return all.empty() ? nobody : all[draw % all.size()];
}

} // namespace model
