// SPDX-License-Identifier: MIT
// What a borrower of a connection may leave behind in it: SQLite tells of it while it prepares a statement.
#include <algorithm>
#include <string_view>

#include <sqlite3.h>

#include "kin/sqlite/connection.hpp"

namespace kin::sqlite {

namespace {

/// Those that take an argument and set nothing.
bool only_reads(std::string_view pragma) noexcept {
    static constexpr std::string_view names[] = {
        "table_info",     "table_xinfo",        "table_list",      "index_info",       "index_xinfo",
        "index_list",     "quick_check",        "integrity_check", "foreign_key_list", "foreign_key_check",
        "wal_checkpoint", "incremental_vacuum", "optimize"};
    return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
        return sqlite3_strnicmp(name.data(), pragma.data(), static_cast<int>(name.size())) == 0 &&
               name.size() == pragma.size();
    });
}

bool changes_settings(int action, const char* first, const char* second) noexcept {
    switch (action) {
    case SQLITE_PRAGMA: return second != nullptr && !only_reads(first);
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_INDEX: return true;
    default: return false;
    }
}

} // namespace

void sqlite_connection::watch_settings() noexcept {
    sqlite3_set_authorizer(
        db_.get(),
        [](void* self, int action, const char* first, const char* second, const char*, const char*) {
            if (changes_settings(action, first, second))
                static_cast<sqlite_connection*>(self)->settings_changed_ = true;
            return SQLITE_OK;
        },
        this);
}

} // namespace kin::sqlite
