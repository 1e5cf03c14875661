// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "kin/orm/session.hpp"
#include "support/raw_database.hpp"

namespace kin::testing {

/// Looks at every object that lives in a session's pool, whether or not it is still in the session.
class session_audit {
public:
    /// Finds the pool by an object that it adds and expunges again: no SQL. The session must be usable.
    explicit session_audit(kin::session& s);

    /// Whether both sides of every relationship agree. Empty: they do; else one line for each fault. Holds at every moment, also in the
    /// middle of a failed transaction.
    [[nodiscard]] std::string links() const;
    /// What must hold when the session has just ended a transaction and knows of no change: links(), and
    /// - every persistent object is the one that the identity map knows by its key, and has the values of its row;
    /// - a loaded collection has the objects of exactly the rows that refer to its owner;
    /// - a foreign key has the key of the object that is linked;
    /// - a change of an object that was given out for writing is noticed;
    /// - nobody is pending, and no trace of the transaction is left on any object.
    [[nodiscard]] std::string settled(const raw_database::content& database) const;
    /// Refreshes every object that has a row, for stories that write behind the back of the session.
    void refresh_all() const;
    /// Whether the transaction has failed, so that everything waits for rollback().
    [[nodiscard]] bool waits_for_rollback() const;
    /// The connection of the session's transaction, for a look at what is not committed yet.
    [[nodiscard]] kin::connection& lease() const;

private:
    detail::session_core* core_;
};

} // namespace kin::testing
