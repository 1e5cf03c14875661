// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace kin {
class connection;
}

namespace kin::sqlite {

/// A value of a row.
struct blob_place {
    std::string_view table;
    std::string_view column;
    std::int64_t row = 0; // its rowid: the key of a table with an integer key
};

/// Whether the bytes are only read.
enum class blob_access : std::uint8_t { read, write };

/// A large value, blob or text, read and written in pieces, never in memory as a whole: `kin::sqlite::blob content{session.connection(), {"file", "content", file->id}};`.
/// Its size cannot change: INSERT `zeroblob(n)` first, then write. What is written is part of the connection's transaction. An object in memory does not
/// notice: expire() it.
/// Lifetime: ends before its connection's transaction does (a commit fails while one that writes is open). When its row is changed by somebody
/// else, it is lost (blob_expired). Move-only. For the connection's thread.
class blob {
public:
    /// Opens the value. `access` write needs a writing transaction: `session.connection(kin::transaction_access::write)`.
    /// Throws: usage_error (wrong_database); statement_error (no_such_table, no_such_column, statement_refused: there is no such row, the value is NULL or a
    /// number, or the column is part of an index or key); state_error (no_transaction, read_only_transaction).
    blob(connection& c, const blob_place& where, blob_access access = blob_access::read);
    blob(blob&& other) noexcept;
    blob& operator=(blob&& other) noexcept;
    ~blob();

    [[nodiscard]] std::size_t size() const noexcept;
    /// Fills `out` with the bytes from `offset` on, as many as there are; returns how many. Throws: statement_error (blob_expired); database_error.
    [[nodiscard]] std::size_t read(std::size_t offset, std::span<std::byte> out) const;
    /// Writes over the bytes from `offset` on. Throws: usage_error (blob_size) when they do not fit, then nothing was written; statement_error
    /// (blob_expired); database_error.
    void write(std::size_t offset, std::span<const std::byte> bytes);
    /// Goes to the value of the same column in another row; faster than a new one. Throws: as the constructor; the blob is lost then.
    void move_to(std::int64_t row);

private:
    void require_alive() const;
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace kin::sqlite
