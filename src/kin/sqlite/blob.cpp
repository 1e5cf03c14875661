// SPDX-License-Identifier: MIT
#include "kin/sqlite/blob.hpp"

#include <algorithm>
#include <string>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/engine/connection.hpp"
#include "kin/engine/wing_access.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/sqlite/connection.hpp"
#include "kin/sqlite/errors.hpp"

namespace kin::sqlite {

using kin::detail::wing_access;

namespace {

sqlite_connection& connection_of(connection& c) {
    if (auto* const own = dynamic_cast<sqlite_connection*>(&wing_access::driver_of(c))) return *own;
    throw usage_error({.code = "wrong_database",
                       .message = "kin::sqlite::blob is for connections of SQLite, and this one is of " +
                                  std::string(c.get_dialect().name()),
                       .sql = {}});
}

} // namespace

struct blob::parts {
    parts(connection& c, sqlite_connection& own) : lease(wing_access::lease_of(c)), db(own.handle()) {}
    parts(const parts&) = delete;
    parts& operator=(const parts&) = delete;
    ~parts() {
        const statement_lock lock(lease.sharing);
        sqlite3_blob_close(handle);
    }

    /// Throws what a call has failed with, and has the lease look at its transaction.
    void require(int rc) {
        if (rc == SQLITE_OK) return;
        try {
            if (rc == SQLITE_ABORT) {
                throw statement_error(
                    {.code = "blob_expired",
                     .message = "the blob cannot be used any more: its row was changed or deleted, "
                                "or another row was looked for and not found; open it again",
                     .sql = {},
                     .vendor_code = SQLITE_ABORT});
            }
            fail(db, rc);
        } catch (const error& e) {
            lease.note_failure(e);
            throw;
        }
    }

    pooled_connection& lease;
    sqlite3* db;
    sqlite3_blob* handle = nullptr;
};

blob::blob(connection& c, const blob_place& where, blob_access access) {
    sqlite_connection& own = connection_of(c);
    if (access == blob_access::write) c.require_write();
    c.settle();
    parts_ = std::make_unique<parts>(c, own);
    const std::string table(where.table);
    const std::string column(where.column);
    const statement_lock lock(parts_->lease.sharing);
    parts_->require(sqlite3_blob_open(parts_->db, "main", table.c_str(), column.c_str(), where.row,
                                      access == blob_access::write ? 1 : 0, &parts_->handle));
}

blob::blob(blob&& other) noexcept = default;
blob& blob::operator=(blob&& other) noexcept = default;
blob::~blob() = default;

std::size_t blob::size() const noexcept {
    return parts_ != nullptr ? static_cast<std::size_t>(sqlite3_blob_bytes(parts_->handle)) : 0;
}

std::size_t blob::read(std::size_t offset, std::span<std::byte> out) const {
    const std::size_t all = size();
    const std::size_t count = offset < all ? std::min(out.size(), all - offset) : 0;
    if (count == 0) {
        require_alive();
        return 0;
    }
    const statement_lock lock(parts_->lease.sharing);
    parts_->require(
        sqlite3_blob_read(parts_->handle, out.data(), static_cast<int>(count), static_cast<int>(offset)));
    return count;
}

/// One that is lost has no size any more.
void blob::require_alive() const {
    if (parts_ == nullptr) return;
    const statement_lock lock(parts_->lease.sharing);
    char nothing = 0;
    parts_->require(sqlite3_blob_read(parts_->handle, &nothing, 0, 0));
}

void blob::write(std::size_t offset, std::span<const std::byte> bytes) {
    const std::size_t all = size();
    if (all == 0) require_alive();
    if (offset > all || bytes.size() > all - offset) {
        throw usage_error({.code = "blob_size",
                           .message = std::to_string(bytes.size()) + " bytes at " + std::to_string(offset) +
                                      " do not fit into a blob of " + std::to_string(all) +
                                      ", whose size stays as it is; UPDATE the value with zeroblob(n) first",
                           .sql = {}});
    }
    if (bytes.empty()) return;
    const statement_lock lock(parts_->lease.sharing);
    parts_->require(sqlite3_blob_write(parts_->handle, bytes.data(), static_cast<int>(bytes.size()),
                                       static_cast<int>(offset)));
}

void blob::move_to(std::int64_t row) {
    const statement_lock lock(parts_->lease.sharing);
    parts_->require(sqlite3_blob_reopen(parts_->handle, row));
}

} // namespace kin::sqlite
