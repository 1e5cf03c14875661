// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/rules.hpp"

/// What a session and its database have to do, told by plain maps of rows and links that are copied for a transaction and for each
/// savepoint. Knows nothing of kin. Objects are numbers ("marks").
namespace model {

inline constexpr int nobody = -1;
inline constexpr int unknown = -2; // a key that no row has

enum class life : std::uint8_t {
    transient,
    pending,
    persistent,
    removing, // persistent, and goes with the next flush
    deleted,  // its row is gone, the transaction is not over
    gone      // nobody speaks of it any more
};

struct values {
    int label = 0;
    int code = 0; // 0: NULL
    int number = 0;
    [[nodiscard]] bool operator==(const values&) const = default;
};

struct item {
    kind of = kind::country;
    life state = life::transient;
    values now = {};
    int id = 0; // made by the database; 0: it has none
    std::array<int, most_references> targets{nobody, nobody};
    /// Foreign keys that were set by hand, to rows of which the session did not know: they lead to an object when this one is added again, if
    /// the row is there then.
    std::array<int, most_references> loose_keys{};
    bool orphan = false;
    values at_insert = {};
};

/// A row, with marks in place of foreign keys.
struct row {
    kind of = kind::country;
    int id = 0;
    values content = {};
    std::array<int, most_references> targets{nobody, nobody};
    [[nodiscard]] bool operator==(const row&) const = default;
};

using link = std::pair<int, int>; // left, right
using link_sets = std::array<std::set<link>, pairings.size()>;

struct database {
    std::map<int, row> rows; // by mark
    link_sets links;
    [[nodiscard]] bool operator==(const database&) const = default;
};

/// Why a flush cannot succeed.
enum class failure : std::uint8_t {
    unique,      // two rows would have the same unique value
    missing,     // a row would refer to nobody, and must not, or to a row that is not there
    ring,        // new rows that need each other, and none can be the first
    unique_ring, // rows that exchange a unique value for which there is nothing to put in between
};
struct verdict {
    std::set<failure> possible = {}; // empty: it has to succeed
    bool certain = false;            // it has to fail
};

class reference_model {
public:
    /// `checks_keys_at_end`: else the database may refuse what happens to rows that others of their class refer to.
    explicit reference_model(bool checks_keys_at_end) : checks_keys_at_end_(checks_keys_at_end) {}

    // ---- what is there ----
    [[nodiscard]] int size() const noexcept { return static_cast<int>(now_.items.size()); }
    [[nodiscard]] const item& at(int mark) const { return now_.items[static_cast<std::size_t>(mark)]; }
    /// Transient, pending or persistent: a program may do what it likes with it.
    [[nodiscard]] bool is_usable(int mark) const;
    [[nodiscard]] bool in_session(int mark) const;
    /// Pending or persistent or removing or transient; who is deleted or gone is no child any more.
    [[nodiscard]] std::vector<int> children_of(std::size_t reference, int parent) const;
    [[nodiscard]] int target_of(std::size_t reference, int child) const;
    [[nodiscard]] std::vector<int> partners_of(std::size_t pairing, int mark, bool is_left) const;
    [[nodiscard]] bool are_linked(std::size_t pairing, int left, int right) const;
    /// The key by which other rows refer to it.
    [[nodiscard]] int key_of(int mark) const;
    /// The row that they refer to by it; nobody when there is none.
    [[nodiscard]] int row_with_key(kind of, int key) const;
    [[nodiscard]] const database& rows() const noexcept { return now_.rows; }
    [[nodiscard]] const database& committed() const noexcept { return past_.front().rows; }
    [[nodiscard]] std::size_t savepoints() const noexcept { return past_.size() - 1; }
    [[nodiscard]] bool has_orphans() const;
    /// A flush would write something.
    [[nodiscard]] bool has_work() const;
    /// Somebody in no session refers to it, without its knowing.
    [[nodiscard]] bool is_known_outside(int mark) const;
    /// Whether an orphan that has no row yet could leave without leaving somebody behind who has one.
    [[nodiscard]] bool may_become_orphan(std::size_t reference, int child) const;

    // ---- changes in memory ----
    int make(kind of, const values& v);
    void add(int mark);
    /// By the relationship: whoever is in the way of a one-to-one leaves.
    void set_target(std::size_t reference, int child, int target);
    /// By the foreign key.
    void set_key(std::size_t reference, int child, int target);
    void set_link(std::size_t pairing, int left, int right, bool linked);
    void set_values(int mark, const values& v);
    void remove(int mark);
    /// Takes remove() back for one that took nobody along.
    [[nodiscard]] bool may_stay(int mark) const;
    void stay(int mark);
    /// It and those that are read again together with it: whoever refers to it by a relationship that cascades.
    [[nodiscard]] std::vector<int> refreshed_with(int mark) const;
    /// Reads their rows again; what was not written is lost.
    void refresh(int mark);

    // ---- transactions ----
    [[nodiscard]] verdict judge_flush(bool everything) const;
    /// A flush has succeeded and left `seen`, from which the keys of new rows are taken. Returns what is wrong with it.
    [[nodiscard]] std::string flushed(const database& seen);
    /// Pending changes were written before a query; what waits for the decision about orphans may have been left out.
    [[nodiscard]] std::string autoflushed(const database& seen);
    void committed_now();
    void rolled_back();
    void savepoint_begun();
    void savepoint_released();
    void savepoint_rolled_back();
    /// The session has ended: all that has no row is forgotten.
    void closed();

    // ---- objects without a row, which a rollback leaves to the program ----
    /// What the program finds them linked to. Only others without a row may be.
    void adopt_target(std::size_t reference, int child, int target);
    void adopt_key(std::size_t reference, int child, int key);
    void adopt_link(std::size_t pairing, int left, int right, bool linked);
    /// Set by hand before the transaction, to a row that was gone already: nobody can know whose key it is.
    [[nodiscard]] bool is_nobodys_key(std::size_t reference, int child, int key) const;
    [[nodiscard]] bool waits() const noexcept { return waits_; }
    void forget(int mark);
    /// It left with one that was removed, and is back with it.
    void revive(int mark);

private:
    struct state {
        std::vector<item> items;
        link_sets links; // in memory
        database rows;
        [[nodiscard]] item& operator[](int mark) { return items[static_cast<std::size_t>(mark)]; }
        [[nodiscard]] const item& operator[](int mark) const { return items[static_cast<std::size_t>(mark)]; }
        [[nodiscard]] int size() const noexcept { return static_cast<int>(items.size()); }
    };
    void take_in(int start);
    void find_targets(int mark);
    void find_unknown(const database& seen);
    void settle(int a, int b);
    [[nodiscard]] std::vector<int> neighbours_of(int mark) const;
    static void remove_from(state& s, int start);
    static void let_go(state& s, int start);
    static void prepare(state& s, bool everything);
    static void hand_over(state& s, int removed);
    static void write(state& s, bool everything);
    static void judge_rows(const state& after, verdict& v);
    static void judge_rings(const state& before, const state& after, verdict& v);
    static void judge_row_by_row(const state& before, const state& after, verdict& v);
    void restore(const state& past);
    [[nodiscard]] static row row_of(const item& x);

    bool checks_keys_at_end_;
    state now_;
    std::vector<state> past_{1}; // as the transaction and each savepoint began
    database undone_;            // what the last rollback has undone
    std::vector<bool> stood_by_; // new objects that the session did not have when it was rolled back last
    bool waits_ = false;         // the last flush was an autoflush that may have left something out
};

/// The rows and links that differ; empty when they are the same.
[[nodiscard]] std::string difference(const database& seen, const database& expected);
[[nodiscard]] std::string name_of(kind of, int mark); // "player3"

} // namespace model
