// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "collection_filler.hpp"
#include "kin/engine/connection.hpp"
#include "kin/sql/select.hpp"
#include "load_plan.hpp"
#include "loading.hpp"

namespace kin::detail {

/// Loads relationships out of the rows that their owners come from: adds the tables to a SELECT, reads their columns, by position, right into
/// objects, and fills the relationships when all rows are read. Used for one statement.
class joined_loader {
public:
    /// Those relationships that are to be joined for objects of `root` that stand at `place`, and for the objects behind them.
    joined_loader(session_core& session, const mapper& root, const load_place& place, const load_trail& trail,
                  std::span<const table_condition> criteria);

    [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
    /// A collection is among them, so that an object of `root` may come in several rows.
    [[nodiscard]] bool multiplies() const noexcept { return multiplies_; }
    /// Adds columns and joins; when rows multiply, LIMIT and OFFSET go into a subquery, and the order of `s` comes first.
    void add_to(select_statement& s);
    /// `rows` are those of the statement.
    void open(cursor& rows);
    /// Takes the current row, of an object of `root`, which may have been made from it just now.
    void take(node& owner, bool made_it);
    /// All rows are read: fills the collections of `roots` and of the objects behind them.
    void finish(const std::vector<node*>& roots);

private:
    static constexpr std::size_t of_root = static_cast<std::size_t>(-1);
    struct part {
        const relationship* of = nullptr;
        std::size_t parent = of_root; // a part
        load_place place = {};        // of the objects behind `of`
        join_kind kind = join_kind::left_outer;
        completeness how = completeness::whole;
        std::uint16_t occurrence = 0;
        std::size_t first_column = 0;
        std::optional<row_loader> loader = {};
        node* current = nullptr;
        bool current_is_new = false;
        std::vector<node*> found = {};                   // of each row; the same one not twice in a row
        std::vector<std::pair<node*, node*>> links = {}; // of a many_to_many: owner and object of each row
        std::vector<node*> members = {};                 // `found`, each once
    };
    void add_parts(const mapper& m, std::size_t parent, const load_place& place, const load_trail& trail,
                   std::span<const table_condition> criteria);
    void join(select_statement& s, part& p);
    void add_order(select_statement& s) const;
    void require_partners(select_statement& s) const;
    [[nodiscard]] std::uint16_t occurrence_of(std::size_t parent) const {
        return parent == of_root ? std::uint16_t{0} : parts_[parent]->occurrence;
    }
    [[nodiscard]] std::uint16_t next_occurrence(const table& t);
    static void make_peers(part& p);
    void fill(part& p, const std::vector<node*>& owners);

    session_core& session_;
    const mapper& root_;
    std::vector<std::unique_ptr<part>> parts_; // parents first
    std::map<const table*, std::uint16_t> appearances_;
    bool multiplies_ = false;
};

/// The condition that each of the joined relationships that are asked for with inner() has a partner; empty when there are none.
[[nodiscard]] predicate has_partners(const load_rule& rule);

} // namespace kin::detail
