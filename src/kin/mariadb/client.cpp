// SPDX-License-Identifier: MIT
#include "kin/mariadb/client.hpp"

#include <dlfcn.h>

#include <string>

#include "kin/base/error.hpp"

namespace kin::mariadb {

namespace {

constexpr const char* library_file = "libmariadb.so.3";

[[noreturn]] void fail_missing(const char* file) {
    const char* reason = dlerror();
    throw connection_error({.code = "client_library_missing",
                            .message = std::string("MariaDB's client library ") + file +
                                       " cannot be loaded; install it (Debian and Ubuntu: apt-get install "
                                       "libmariadb3) (" +
                                       (reason != nullptr ? reason : "no reason given") + ")",
                            .sql = {}});
}

struct library {
    void* handle;
    const char* file;

    template <class Function> void find(const char* name, Function& out) const {
        void* const found = dlsym(handle, name);
        if (found == nullptr) fail_missing(file);
        out = reinterpret_cast<Function>(found);
    }
};

void find_session_functions(const library& from, client& c) {
    from.find("mysql_init", c.init);
    from.find("mysql_options", c.options);
    from.find("mysql_close", c.close);
    from.find("mysql_close_start", c.close_start);
    from.find("mysql_close_cont", c.close_cont);
    from.find("mysql_real_connect_start", c.connect_start);
    from.find("mysql_real_connect_cont", c.connect_cont);
    from.find("mysql_real_query_start", c.query_start);
    from.find("mysql_real_query_cont", c.query_cont);
    from.find("mysql_store_result_start", c.store_start);
    from.find("mysql_store_result_cont", c.store_cont);
    from.find("mysql_fetch_row", c.fetch_row);
    from.find("mysql_fetch_lengths", c.fetch_lengths);
    from.find("mysql_num_fields", c.num_fields);
    from.find("mysql_free_result", c.free_result);
    from.find("mysql_ping_start", c.ping_start);
    from.find("mysql_ping_cont", c.ping_cont);
    from.find("mysql_reset_connection_start", c.reset_start);
    from.find("mysql_reset_connection_cont", c.reset_cont);
    from.find("mysql_get_socket", c.socket);
    from.find("mysql_get_timeout_value_ms", c.timeout_ms);
    from.find("mysql_thread_id", c.thread_id);
    from.find("mysql_get_server_version", c.server_version);
    from.find("mysql_get_server_info", c.server_info);
    from.find("mysql_get_client_info", c.client_info);
    from.find("mariadb_get_infov", c.get_info);
    from.find("mysql_insert_id", c.insert_id);
    from.find("mysql_errno", c.error_number);
    from.find("mysql_error", c.error_text);
    from.find("mysql_sqlstate", c.error_state);
}

void find_statement_functions(const library& from, client& c) {
    from.find("mysql_stmt_init", c.statement_init);
    from.find("mysql_stmt_prepare_start", c.prepare_start);
    from.find("mysql_stmt_prepare_cont", c.prepare_cont);
    from.find("mysql_stmt_bind_param", c.bind_parameters);
    from.find("mysql_stmt_execute_start", c.execute_start);
    from.find("mysql_stmt_execute_cont", c.execute_cont);
    from.find("mysql_stmt_fetch_start", c.fetch_start);
    from.find("mysql_stmt_fetch_cont", c.fetch_cont);
    from.find("mysql_stmt_store_result_start", c.store_rows_start);
    from.find("mysql_stmt_store_result_cont", c.store_rows_cont);
    from.find("mysql_stmt_next_result_start", c.next_result_start);
    from.find("mysql_stmt_next_result_cont", c.next_result_cont);
    from.find("mysql_stmt_free_result", c.free_rows);
    from.find("mysql_stmt_reset_start", c.reset_statement_start);
    from.find("mysql_stmt_reset_cont", c.reset_statement_cont);
    from.find("mysql_stmt_attr_set", c.set_attribute);
    from.find("mysql_stmt_close_start", c.close_statement_start);
    from.find("mysql_stmt_close_cont", c.close_statement_cont);
    from.find("mysql_stmt_param_count", c.parameter_count);
    from.find("mysql_stmt_field_count", c.field_count);
    from.find("mysql_stmt_affected_rows", c.affected_rows);
    from.find("mysql_stmt_errno", c.statement_error_number);
    from.find("mysql_stmt_error", c.statement_error_text);
    from.find("mysql_stmt_sqlstate", c.statement_error_state);
}

} // namespace

client load_client(const char* file) {
    // Not closed again: libmariadb keeps plug-ins and thread data of its own until the process ends.
    const library from{dlopen(file, RTLD_NOW | RTLD_LOCAL), file};
    if (from.handle == nullptr) fail_missing(file);
    decltype(&::mysql_server_init) init_library = nullptr;
    from.find("mysql_server_init", init_library);
    client c;
    find_session_functions(from, c);
    find_statement_functions(from, c);
    init_library(0, nullptr, nullptr);
    return c;
}

const client& load_client() {
    static const client loaded = load_client(library_file);
    return loaded;
}

} // namespace kin::mariadb
