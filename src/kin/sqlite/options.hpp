// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kin {
class url;
}

namespace kin::sqlite {

enum class open_mode : std::uint8_t { read_only, read_write, create };

/// How a database file is opened: a SQLite URL, understood.
struct open_options {
    std::string path; // as the system takes it; ":memory:" for a database in memory
    open_mode mode = open_mode::create;
    int busy_timeout_ms = 5000;
    std::string_view journal_mode = "wal";
    std::string_view synchronous = "FULL";
    bool makes_strict_tables = false;

    [[nodiscard]] bool is_in_memory() const noexcept { return path == ":memory:"; }
};

/// Throws: usage_error (bad_url) for a host, a user, an unknown option or an unknown value.
[[nodiscard]] open_options read_options(const url& where);

} // namespace kin::sqlite
