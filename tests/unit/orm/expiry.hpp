// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "unit/orm/blog.hpp"

namespace blog {

/// A session whose objects are read again after each commit, beside one that keeps them.
class expiry : public test {
protected:
    /// Somebody else writes, between two transactions of these sessions.
    void elsewhere(std::string_view sql) {
        session.commit();
        expiring.commit();
        kin::session other = db.session();
        other.execute(sql);
        other.commit();
        counter.reset();
    }
    kin::session expiring = db.session({.expire_on_commit = true});
};

} // namespace blog
