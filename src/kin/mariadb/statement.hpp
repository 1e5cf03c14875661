// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kin/engine/driver.hpp"
#include "kin/mariadb/channel.hpp"
#include "kin/mariadb/parameters.hpp"
#include "kin/mariadb/row.hpp"
#include "kin/mariadb/row_array.hpp"
#include "kin/mariadb/words.hpp"

namespace kin::mariadb {

/// What its statements tell a connection.
struct statement_record {
    std::int64_t affected_rows = 0;
    bool changed_session = false; // something was run that may have left a trace in the session
};

/// A prepared statement of one mariadb_connection, which must outlive it. For one thread at a time.
/// Rows come one by one, as the server sends them. When the connection is wanted for something else meanwhile, the rest of them
/// is read into memory. With a fetch size they stay in a cursor of the server, and the connection is free between two fetches.
class mariadb_statement final : public driver_statement, public row_stream {
public:
    mariadb_statement(channel& c, std::string_view sql, statement_record& record);
    mariadb_statement(const mariadb_statement&) = delete;
    mariadb_statement& operator=(const mariadb_statement&) = delete;
    ~mariadb_statement() override;

    void bind(std::span<const cell> values) override;
    bool step() override;
    std::size_t read(std::size_t first, std::span<const cell_kind> expected, cell* out) override;
    cell read_raw(std::size_t column) override;
    void reset() noexcept override;
    void set_fetch_size(std::uint32_t rows) noexcept override;
    [[nodiscard]] std::size_t column_count() const override;
    [[nodiscard]] std::string_view column_name(std::size_t column) const override;
    [[nodiscard]] std::size_t parameter_count() const override;
    [[nodiscard]] bool is_read_only() const noexcept override { return kind_ == statement_kind::reads; }

    void keep_rows() override;
    /// Executes a statement without rows once for each row of the array, in one round trip and as one statement: all of them or none. Returns how many
    /// rows it matched. Throws: database_error.
    [[nodiscard]] std::int64_t execute_all(row_array& rows);

private:
    struct closer {
        channel* owner;
        void operator()(MYSQL_STMT* s) const noexcept;
    };
    enum class progress : std::uint8_t { idle, bound, rows, cursor, done };

    void prepare();
    void prepare_again();
    [[nodiscard]] bool send();
    void execute();
    void take_columns();
    void finish();
    [[nodiscard]] bool needs_server() const noexcept;
    [[nodiscard]] wire_value value_at(std::size_t column) const noexcept;
    [[nodiscard]] std::size_t read_kept(std::size_t first, std::span<const cell_kind> expected,
                                        cell* out) const noexcept;

    channel& channel_;
    statement_record& record_;
    std::string sql_;
    std::unique_ptr<MYSQL_STMT, closer> handle_;
    statement_kind kind_;
    bool may_change_session_;
    progress progress_ = progress::idle;
    std::int64_t rows_ = 0;
    patience patience_{0};
    parameters parameters_{0};
    std::vector<plain_column> columns_; // of the execution whose rows are read
    std::string kept_row_;              // the current row, once the channel has read on past it
    std::vector<wire_value> kept_values_;
};

} // namespace kin::mariadb
