// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/sql/compiler.hpp"

namespace kin::detail {

class session_core;

/// A statement whose rows are read one after the other, while its session does other things. The session ends it with its transaction,
/// before it gives the connection back.
class open_statement {
public:
    /// Opens it on the session's connection. `kinds` must outlive it. Throws: database_error.
    open_statement(std::shared_ptr<session_core> session, compiled_statement compiled,
                   std::span<const cell_kind> kinds, std::uint64_t limit, const execution_options& options);
    open_statement(const open_statement&) = delete;
    open_statement& operator=(const open_statement&) = delete;
    ~open_statement();

    [[nodiscard]] session_core& session() const noexcept { return *session_; }
    /// Moves to the next row; false after the last. Throws: database_error; state_error (stream_ended); pending_rollback.
    [[nodiscard]] bool next();
    /// Throws what next() would throw.
    void require_open() const;
    /// Only while the rows have not ended.
    [[nodiscard]] cursor& rows() { return *rows_; }
    [[nodiscard]] bool has_ended() const noexcept { return ended_; }
    [[nodiscard]] std::span<const cell_kind> kinds() const noexcept { return kinds_; }
    [[nodiscard]] cell* cells() noexcept { return cells_.data(); }
    [[nodiscard]] std::uint64_t rows_read() const noexcept { return read_; }
    [[nodiscard]] const std::string& sql() const noexcept { return compiled_.sql; }
    /// The transaction ends, and the connection goes.
    void interrupt() noexcept;
    /// All rows are read.
    void finish() noexcept;

private:
    std::shared_ptr<session_core> session_;
    compiled_statement compiled_;
    std::vector<cell> parameters_;
    std::span<const cell_kind> kinds_;
    std::vector<cell> cells_;
    std::uint64_t left_;
    std::uint64_t read_ = 0;
    std::optional<cursor> rows_;
    bool ended_ = false;
    bool interrupted_ = false;
};

} // namespace kin::detail
