// SPDX-License-Identifier: MIT
#pragma once

#include <mysql.h>

namespace kin::mariadb {

/// The functions of libmariadb that kin calls, found in the library when it is loaded. Immutable then; threads share it.
/// Those that wait for the server come in pairs: `start` runs until it would have to wait and says for what, `cont` goes on.
struct client {
    decltype(&::mysql_init) init = nullptr;
    decltype(&::mysql_options) options = nullptr;
    decltype(&::mysql_close) close = nullptr;
    decltype(&::mysql_close_start) close_start = nullptr;
    decltype(&::mysql_close_cont) close_cont = nullptr;
    decltype(&::mysql_real_connect_start) connect_start = nullptr;
    decltype(&::mysql_real_connect_cont) connect_cont = nullptr;
    decltype(&::mysql_real_query_start) query_start = nullptr;
    decltype(&::mysql_real_query_cont) query_cont = nullptr;
    decltype(&::mysql_store_result_start) store_start = nullptr;
    decltype(&::mysql_store_result_cont) store_cont = nullptr;
    decltype(&::mysql_fetch_row) fetch_row = nullptr;
    decltype(&::mysql_fetch_lengths) fetch_lengths = nullptr;
    decltype(&::mysql_num_fields) num_fields = nullptr;
    decltype(&::mysql_free_result) free_result = nullptr;
    decltype(&::mysql_ping_start) ping_start = nullptr;
    decltype(&::mysql_ping_cont) ping_cont = nullptr;
    decltype(&::mysql_reset_connection_start) reset_start = nullptr;
    decltype(&::mysql_reset_connection_cont) reset_cont = nullptr;
    decltype(&::mysql_get_socket) socket = nullptr;
    decltype(&::mysql_get_timeout_value_ms) timeout_ms = nullptr;
    decltype(&::mysql_thread_id) thread_id = nullptr;
    decltype(&::mysql_get_server_version) server_version = nullptr;
    decltype(&::mysql_get_server_info) server_info = nullptr;
    decltype(&::mysql_get_client_info) client_info = nullptr;
    decltype(&::mariadb_get_infov) get_info = nullptr;
    decltype(&::mysql_insert_id) insert_id = nullptr;
    decltype(&::mysql_errno) error_number = nullptr;
    decltype(&::mysql_error) error_text = nullptr;
    decltype(&::mysql_sqlstate) error_state = nullptr;

    decltype(&::mysql_stmt_init) statement_init = nullptr;
    decltype(&::mysql_stmt_prepare_start) prepare_start = nullptr;
    decltype(&::mysql_stmt_prepare_cont) prepare_cont = nullptr;
    decltype(&::mysql_stmt_bind_param) bind_parameters = nullptr;
    decltype(&::mysql_stmt_execute_start) execute_start = nullptr;
    decltype(&::mysql_stmt_execute_cont) execute_cont = nullptr;
    decltype(&::mysql_stmt_fetch_start) fetch_start = nullptr;
    decltype(&::mysql_stmt_fetch_cont) fetch_cont = nullptr;
    decltype(&::mysql_stmt_store_result_start) store_rows_start = nullptr;
    decltype(&::mysql_stmt_store_result_cont) store_rows_cont = nullptr;
    decltype(&::mysql_stmt_next_result_start) next_result_start = nullptr;
    decltype(&::mysql_stmt_next_result_cont) next_result_cont = nullptr;
    decltype(&::mysql_stmt_free_result) free_rows = nullptr;
    decltype(&::mysql_stmt_reset_start) reset_statement_start = nullptr;
    decltype(&::mysql_stmt_reset_cont) reset_statement_cont = nullptr;
    decltype(&::mysql_stmt_attr_set) set_attribute = nullptr;
    decltype(&::mysql_stmt_close_start) close_statement_start = nullptr;
    decltype(&::mysql_stmt_close_cont) close_statement_cont = nullptr;
    decltype(&::mysql_stmt_param_count) parameter_count = nullptr;
    decltype(&::mysql_stmt_field_count) field_count = nullptr;
    decltype(&::mysql_stmt_affected_rows) affected_rows = nullptr;
    decltype(&::mysql_stmt_errno) statement_error_number = nullptr;
    decltype(&::mysql_stmt_error) statement_error_text = nullptr;
    decltype(&::mysql_stmt_sqlstate) statement_error_state = nullptr;
};

/// The functions of libmariadb. The first call loads it, and it stays loaded.
/// Throws: connection_error (client_library_missing) that says what to install.
[[nodiscard]] const client& load_client();

/// Loads them from `file`, for load_client() and its test. Throws: as load_client().
[[nodiscard]] client load_client(const char* file);

} // namespace kin::mariadb
