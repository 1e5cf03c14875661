// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

namespace kin {

/// Rows of a stream that are in memory at once, and objects of a batch, when nobody says how many.
inline constexpr std::uint32_t default_rows_at_once = 1000;

namespace detail {

class open_statement; // private: src/kin/orm/open_statement.hpp

struct open_statement_closer {
    void operator()(open_statement* s) const noexcept;
};

/// A statement that is being read. May outlive its session, and its transaction: then its rows have ended.
using open_statement_handle = std::unique_ptr<open_statement, open_statement_closer>;

} // namespace detail
} // namespace kin
