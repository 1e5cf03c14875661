// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "association_changes.hpp"
#include "kin/engine/connection.hpp"

namespace kin::detail {

/// Writes the rows of the tables behind many_to_many relationships.
class association_rows {
public:
    using change = association_changes::change;
    explicit association_rows(connection& c) : connection_(c) {}

    /// INSERT, many rows in a statement; links that may be there already are left as they are. All objects have their keys.
    void insert(const std::vector<change>& links);
    /// DELETE, many rows in a statement. Throws: stale_data (link_gone) when a row that was read is not there any more.
    void remove(const std::vector<change>& links);
    /// All rows of objects that are about to be deleted, where the database does not delete them by itself; or all, when their rows stay.
    void remove_all(const mapper& type, const std::vector<node*>& objects, bool rows_stay = false);
    /// Whether the row is there.
    [[nodiscard]] bool exists(const association& a, const node& first, const node& second);

private:
    void send(const std::string& sql);
    void add_keys(const association& a, const node& first, const node& second);
    void add_key(const association::end& e, const node& n);

    connection& connection_;
    std::shared_ptr<sent_values> values_; // of the last statement
};

} // namespace kin::detail
