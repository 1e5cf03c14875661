// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/engine/connection.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// DELETE of rows, many in a statement. A row that is gone already is what was wanted, unless its class has versions.
class delete_writer {
public:
    delete_writer(session_core& session, connection& c) : session_(session), connection_(c) {}

    /// Objects of one class. Throws: stale_data (version_conflict); foreign_key_violation.
    void write(const mapper& m, std::span<node* const> objects);

private:
    void send(const mapper& m, const std::string& text, std::span<node* const> objects);
    void check_versions(const mapper& m, const std::string& text, std::span<node* const> objects);

    session_core& session_;
    connection& connection_;
    std::vector<cell> parameters_;
    scratch memory_;
};

} // namespace kin::detail
