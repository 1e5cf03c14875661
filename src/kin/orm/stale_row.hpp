// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/engine/connection.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// The objects whose keys an UPDATE or DELETE hands back: those of the rows that it found. One that the session does not know is null.
[[nodiscard]] std::vector<const node*> objects_found(cursor& keys, const entity_map& known);

/// Says why a statement found no row for an object: asks the database, in the transaction of the statement, what is there now.
class stale_row {
public:
    /// `sql`: the statement that found too little.
    stale_row(session_core& session, connection& c, const mapper& m, std::string_view sql)
        : session_(session),
          connection_(c),
          type_(m),
          sql_(sql) {}

    /// An UPDATE without a version found no row with this key (`row`: its cells, one per property). Throws: stale_data (row_gone).
    [[noreturn]] void fail_gone(std::span<const cell> row) const;
    /// An UPDATE of `objects` found fewer rows. Throws: stale_data (row_gone) for the first that is not there.
    [[noreturn]] void fail_first_gone(std::span<node* const> objects) const;
    /// `what`, such as "UPDATE", demanded `expected` of this row. Throws: stale_data (version_conflict).
    [[noreturn]] void fail_version(std::string_view what, std::span<const cell> row,
                                   const cell& expected) const;

    /// Whether there is a row with this key now; `version` gets the one that it has.
    [[nodiscard]] bool is_there(std::span<const cell> row, cell* version = nullptr) const;

private:
    session_core& session_;
    connection& connection_;
    const mapper& type_;
    std::string_view sql_;
};

} // namespace kin::detail
