// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/engine/driver.hpp"
#include "kin/postgresql/libpq.hpp"
#include "kin/postgresql/parameters.hpp"
#include "kin/postgresql/row_cursor.hpp"
#include "kin/postgresql/sql_text.hpp"
#include "kin/postgresql/values.hpp"

namespace kin {
class transaction_rollback;
}

namespace kin::postgresql {

class postgresql_connection;
struct prepared;

/// A statement of one postgresql_connection, which must outlive it. For one thread at a time. It is sent by bind(), which also reads the whole answer: so
/// several statements of a connection can be read side by side. With a fetch size the rows of a query stay in a cursor of the server.
/// The server prepares it for the types of its first parameters, and once more when values come that do not fit these.
class postgresql_statement final : public driver_statement {
public:
    /// Throws: statement_error (bad_sql, empty_statement).
    postgresql_statement(postgresql_connection& c, std::string_view sql);
    ~postgresql_statement() override;

    void bind(std::span<const cell> parameters) override;
    bool step() override;
    std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) override;
    cell read_raw(std::size_t column) override;
    [[nodiscard]] std::size_t rows_at_hand() const noexcept override {
        return row_ + 1 < rows_ ? static_cast<std::size_t>(rows_ - row_ - 1) : 0;
    }
    void reset() noexcept override;
    void set_fetch_size(std::uint32_t rows) noexcept override { fetch_size_ = rows; }
    void send_ahead(std::span<const cell> parameters) override;
    void take_sent() override;
    [[nodiscard]] std::size_t column_count() const override { return columns_.size(); }
    [[nodiscard]] std::string_view column_name(std::size_t column) const override;
    [[nodiscard]] std::size_t parameter_count() const override { return text_.placeholders; }
    [[nodiscard]] bool is_read_only() const noexcept override { return text_.reads_only; }

private:
    [[nodiscard]] prepared& encode(std::span<const cell> parameters);
    [[nodiscard]] prepared& prepare(std::span<const cell> parameters);
    void forget_prepared(bool is_on_server);
    [[nodiscard]] bool is_to_prepare(std::span<const cell> parameters) const noexcept;
    void execute(std::span<const cell> parameters);
    void execute_prepared(std::span<const cell> parameters);
    void execute_unprepared(std::span<const cell> parameters);
    void encode_unprepared(std::span<const cell> parameters);
    [[nodiscard]] int send_prepared(PGconn* c, const prepared& p) const;
    [[nodiscard]] int send_unprepared(PGconn* c) const;
    [[nodiscard]] bool forget_outdated(const transaction_rollback& e);
    void note_effects() noexcept;
    void take(result_handle r, bool is_binary);
    void take_columns(const PGresult& r, bool is_binary);
    void take_rows(result_handle r);
    [[nodiscard]] bool convert(std::uint32_t type, std::string_view bytes, cell_kind expected, cell& out);

    postgresql_connection& connection_;
    std::string sql_;
    statement_text text_;
    std::vector<prepared*> variants_; // for different types of parameters; the last was prepared last
    parameters parameters_;
    std::vector<std::uint32_t> declared_;

    std::optional<row_cursor> cursor_; // whose rows are being read
    std::uint32_t fetch_size_ = 0;     // 0: no cursor
    result_handle result_;             // of the execution that is being read
    std::vector<result_column> columns_;
    bool binary_ = false;
    int rows_ = 0;
    int row_ = -1;
    scratch memory_; // values of the row that are no views of the result
};

} // namespace kin::postgresql
