// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "kin/kin.hpp"
#include "model/keys_reference.hpp"
#include "model/keys_world.hpp"
#include "support/raw_database.hpp"

namespace keyed {

/// One operation: what to do, and three numbers that choose among the things that it could be done to. An operation that nothing fits does
/// nothing, so any part of a sequence is a sequence again.
struct operation {
    std::uint32_t what = 0; // a place in the table of operations
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
};
[[nodiscard]] std::vector<operation> random_operations(std::uint32_t seed, std::size_t count);

struct mismatch : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs operations on a session and, beside it, on a reference; compares objects, links and rows after each of them. Whatever the
/// reference can write, a flush must write, in whichever order keys are freed and taken; whatever it cannot must fail and be undone.
class machine {
public:
    /// `db` has the tables of keys_world.hpp and is emptied.
    explicit machine(kin::database& db);
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    /// Throws: mismatch.
    void run(const operation& o);
    [[nodiscard]] const std::vector<std::string>& story() const { return story_; }
    [[nodiscard]] std::size_t refused_flushes() const { return refused_; }

private:
    friend std::vector<operation> random_operations(std::uint32_t seed, std::size_t count);
    struct entry {
        int weight;
        void (machine::*run)(const operation&);
    };
    static const std::vector<entry>& operations();

    struct binding {
        kin::ref<Depot> depot;
        kin::ref<Shelf> shelf;
        kin::ref<Box> box;
        kin::ref<Sticker> sticker;
    };

    // New things and keys: keys_machine_changes.cpp.
    void make_depot(const operation& o);
    void make_shelf(const operation& o);
    void make_box(const operation& o);
    void make_sticker(const operation& o);
    void make_shelf_after_its_box(const operation& o);
    void change_code(const operation& o);
    void rotate_codes(const operation& o);
    void change_number(const operation& o);
    void swap_numbers(const operation& o);
    void change_slot(const operation& o);
    void change_tag(const operation& o);
    void change_note(const operation& o);
    void move_shelf(const operation& o);
    void swap_shelves(const operation& o);
    void move_box(const operation& o);
    void move_sticker(const operation& o);
    void move_within_boxes(const operation& o);
    void clear_boxes(const operation& o);

    // Removing, transactions and reading: keys_machine_session.cpp.
    void remove(const operation& o);
    void orphan(const operation& o);
    void replace(const operation& o);
    void flush(const operation& o);
    void commit(const operation& o);
    void rollback(const operation& o);
    void begin_savepoint(const operation& o);
    void end_savepoint(const operation& o);
    void read(const operation& o);
    void query(const operation& o);
    void get(const operation& o);
    void expire(const operation& o);
    void merge(const operation& o);
    void update_many(const operation& o);
    void remove_many(const operation& o);
    void raw_update(const operation& o);
    void reopen(const operation& o);

    /// Runs what flushes everything. False: it was to fail, has failed, and is undone.
    bool flushed(const std::string& what, const std::function<void()>& call, const operation& o);
    void undo_failed(const operation& o);
    /// What the model says is what the database has.
    void written();

    // What is chosen.
    [[nodiscard]] bool usable(std::size_t i) const { return model_.is_alive(i) && bound(i); }
    [[nodiscard]] bool bound(std::size_t i) const;
    /// Has the key that its row has, so that somebody may refer to it by that.
    [[nodiscard]] bool has_written_key(std::size_t i) const;
    [[nodiscard]] std::size_t choose(std::uint32_t draw, kind of,
                                     const std::function<bool(std::size_t)>& fits = {}) const;
    /// A number that no other thing below `parent` has, or any.
    [[nodiscard]] int number_below(std::size_t parent, kind of, int thing::* member,
                                   std::uint32_t draw) const;
    [[nodiscard]] std::string code(std::uint32_t draw) const;
    std::size_t add(thing t);
    [[nodiscard]] const kin::detail::any_ref& any(std::size_t i) const;
    /// What the model knows, as an object of the session.
    void set_note(std::size_t i, const std::string& note);
    void set_number(std::size_t i, int number);
    [[nodiscard]] std::string fresh_note() { return "note " + std::to_string(++notes_); }
    void tell(std::string what) { story_.back() = std::move(what); }

    // Comparing: keys_machine_checks.cpp.
    void check();
    void check_object(std::size_t i);
    void check_keys();
    void check_places();
    void check_rows();
    void check_settled();
    [[nodiscard]] kin::testing::raw_database::content content(kin::connection& c) const;
    template <class T> std::size_t found(const kin::ref<T>& object);
    template <class Collection> std::vector<std::size_t> all_of(const Collection& many);
    void expect_children(std::size_t i, kind of, std::vector<std::size_t> shown);
    void expect_parent(std::size_t i, std::size_t shown);
    static void expect(bool holds, const std::string& otherwise);

    kin::database& db_;
    std::optional<kin::session> session_;
    std::optional<kin::savepoint> savepoint_;
    reference model_;
    std::vector<binding> bindings_; // beside model_.things
    std::vector<thing> committed_;
    std::vector<thing> at_savepoint_;
    std::vector<thing> written_; // after the last flush
    table_rows rows_;            // likewise
    std::vector<std::string> story_;
    int notes_ = 0;
    std::size_t refused_ = 0;
};

} // namespace keyed
