// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include "kin/engine/connection.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

/// DELETE of rows, many in a statement. A row that is gone already is what was wanted, unless its class has versions.
/// Where the connection sends ahead, what went wrong comes once it is settled.
class delete_writer {
public:
    delete_writer(session_core& session, connection& c) : session_(session), connection_(c) {}

    /// Throws: stale_data (version_conflict); foreign_key_violation.
    void write(const flush_plan::step& group);

private:
    void accept(const mapper& m, std::span<node* const> objects, const pending_answer& answer);
    void check_versions(const mapper& m, std::span<node* const> objects, const pending_answer& answer);

    session_core& session_;
    connection& connection_;
    std::shared_ptr<sent_values> values_; // of the last DELETE
};

} // namespace kin::detail
