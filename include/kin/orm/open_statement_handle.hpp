// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace kin::detail {

class open_statement; // private: src/kin/orm/open_statement.hpp

struct open_statement_closer {
    void operator()(open_statement* s) const noexcept;
};

/// A statement that is being read. May outlive its session, and its transaction: then its rows have ended.
using open_statement_handle = std::unique_ptr<open_statement, open_statement_closer>;

} // namespace kin::detail
