// SPDX-License-Identifier: MIT
#include "kin/sqlite/connection.hpp"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/sqlite/decimal_functions.hpp"
#include "kin/sqlite/errors.hpp"
#include "kin/sqlite/options.hpp"
#include "kin/sqlite/sqlite.hpp"

namespace kin::sqlite {

namespace {

void require_directory(const std::string& path) {
    const std::filesystem::path directory = std::filesystem::path(path).parent_path();
    std::error_code ignored;
    if (directory.empty() || std::filesystem::is_directory(directory, ignored)) return;
    throw connection_error(
        {.code = "directory_missing",
         .message = "the database " + path + " cannot be opened: there is no directory " +
                    directory.string() +
                    "; create it, or check the URL (sqlite:///relative.db, sqlite:////absolute.db)",
         .sql = {}});
}

int flags_of(open_mode mode) {
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
    case open_mode::read_only: return common | SQLITE_OPEN_READONLY;
    case open_mode::read_write: return common | SQLITE_OPEN_READWRITE;
    case open_mode::create: break;
    }
    return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

/// Throws the error of the last call as connection_error, naming the file.
[[noreturn]] void fail_open(sqlite3* db, int rc, const std::string& path) {
    const std::string about = "the database " + path + " cannot be opened: ";
    try {
        if (db == nullptr) throw std::bad_alloc();
        fail(db, rc);
    } catch (const error& e) {
        error_details details = e.details();
        details.message.insert(0, about);
        if (dynamic_cast<const transaction_rollback*>(&e) != nullptr) throw lock_timeout(std::move(details));
        throw connection_error(std::move(details));
    }
}

/// Runs a statement that returns at most one row, and returns the first column of it as text.
std::string ask(sqlite3* db, const std::string& path, const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    int rc = sqlite3_prepare_v2(db, sql.c_str(), -1, &made, nullptr);
    const statement_handle handle(made);
    if (rc != SQLITE_OK) fail_open(db, rc, path);
    rc = sqlite3_step(made);
    if (rc == SQLITE_DONE) return {};
    if (rc != SQLITE_ROW) fail_open(db, rc, path);
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(made, 0));
    return text != nullptr ? text : "";
}

void configure(sqlite3* db) {
    // A misspelt "column" must be an error, not a string.
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    add_decimal_functions(db);
}

/// Changing the journal mode of a file does not wait for locks as other statements do, so this does: several processes may open a new
/// file at once.
void set_journal_mode(sqlite3* db, const open_options& o) {
    constexpr int pause_ms = 10;
    const std::string wanted(o.journal_mode);
    for (int waited_ms = 0; ask(db, o.path, "PRAGMA journal_mode") != wanted; waited_ms += pause_ms) {
        try {
            ask(db, o.path, "PRAGMA journal_mode = " + wanted);
            return; // where the file system or the permissions do not allow it, the file keeps its mode
        } catch (const lock_timeout&) {
            if (waited_ms >= o.busy_timeout_ms) throw;
            sqlite3_sleep(pause_ms);
        }
    }
}

void warn_once_of_wal_reset_bug() {
    static std::atomic_flag warned;
    if (!has_wal_reset_bug() || warned.test_and_set()) return;
    std::fprintf(stderr,
                 "[kin] SQLite %s can damage a database in WAL mode when a commit and a checkpoint race "
                 "(fixed in 3.51.3, 3.50.7, 3.44.6). "
                 "kin never runs checkpoints; do not run any yourself, or link a newer SQLite.\n",
                 sqlite3_libversion());
}

} // namespace

void sqlite_connection::closer::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }

sqlite_connection::sqlite_connection(const open_options& o) {
    if (!o.is_in_memory()) require_directory(o.path);
    sqlite3* opened = nullptr;
    const int rc = sqlite3_open_v2(o.path.c_str(), &opened, flags_of(o.mode), nullptr);
    db_.reset(opened);
    if (rc != SQLITE_OK) fail_open(opened, rc, o.path);
    limit_.install(opened, o.busy_timeout_ms);
    configure(opened);
    ask(opened, o.path,
        "PRAGMA schema_version"); // reads the file: opening alone does not notice what is no database
    ask(opened, o.path, "PRAGMA foreign_keys = ON");
    if (o.is_in_memory()) return;
    if (o.mode != open_mode::read_only) set_journal_mode(opened, o);
    ask(opened, o.path, "PRAGMA synchronous = " + std::string(o.synchronous));
    if (o.journal_mode == "wal") warn_once_of_wal_reset_bug();
    watch_settings();
}

std::unique_ptr<driver_statement> sqlite_connection::prepare(std::string_view sql) {
    limit_.start();
    return std::make_unique<sqlite_statement>(db_.get(), sql, limit_, affected_rows_);
}

std::string sqlite_connection::begin_text(const transaction_options& options) const {
    return options.access == transaction_access::write ? "BEGIN IMMEDIATE" : "BEGIN";
}

void sqlite_connection::begin(const transaction_options& options) {
    upgrades_in_place_ = options.isolation != isolation_level::unspecified;
    run(options.access == transaction_access::write ? begin_immediate_ : begin_, begin_text(options));
}

/// Who asked for an isolation level gets one transaction: the upgrade fails when somebody else wrote meanwhile.
bool sqlite_connection::must_restart_to_write() const noexcept {
    return !upgrades_in_place_ && sqlite3_txn_state(db_.get(), "main") != SQLITE_TXN_WRITE;
}

void sqlite_connection::commit() { run(commit_, "COMMIT"); }

void sqlite_connection::rollback() { run(rollback_, "ROLLBACK"); }

bool sqlite_connection::in_transaction() const noexcept { return sqlite3_get_autocommit(db_.get()) == 0; }

void sqlite_connection::run(statement_handle& kept, std::string_view sql) {
    limit_.start();
    if (kept == nullptr) kept = sqlite::prepare(db_.get(), sql);
    const int rc = sqlite3_step(kept.get());
    if (rc == SQLITE_DONE) {
        sqlite3_reset(kept.get());
        return;
    }
    try {
        limit_.fail(rc);
    } catch (...) {
        sqlite3_reset(kept.get());
        throw;
    }
}

} // namespace kin::sqlite
