// SPDX-License-Identifier: MIT
#include "unit/mariadb/raw_session.hpp"

#include <stdexcept>

#include "kin/engine/url.hpp"
#include "support/shared_library.hpp"

namespace kin::testing {

struct raw_mariadb::functions {
    shared_library library{"libmariadb.so.3"};
#define KIN_FUNCTION(name) decltype(::name)* name = library.find<decltype(::name)>(#name)
    KIN_FUNCTION(mysql_init);
    KIN_FUNCTION(mysql_options);
    KIN_FUNCTION(mysql_real_connect);
    KIN_FUNCTION(mysql_close);
    KIN_FUNCTION(mysql_error);
    KIN_FUNCTION(mysql_real_query);
    KIN_FUNCTION(mysql_real_escape_string);
    KIN_FUNCTION(mysql_store_result);
    KIN_FUNCTION(mysql_fetch_row);
    KIN_FUNCTION(mysql_fetch_lengths);
    KIN_FUNCTION(mysql_free_result);
    KIN_FUNCTION(mysql_stmt_init);
    KIN_FUNCTION(mysql_stmt_prepare);
    KIN_FUNCTION(mysql_stmt_bind_param);
    KIN_FUNCTION(mysql_stmt_bind_result);
    KIN_FUNCTION(mysql_stmt_execute);
    KIN_FUNCTION(mysql_stmt_fetch);
    KIN_FUNCTION(mysql_stmt_fetch_column);
    KIN_FUNCTION(mysql_stmt_close);
    KIN_FUNCTION(mysql_stmt_error);
#undef KIN_FUNCTION
};

const raw_mariadb::functions& raw_mariadb::api() {
    static const functions loaded;
    return loaded;
}

void raw_mariadb::closer::operator()(MYSQL* c) const noexcept { api().mysql_close(c); }
void raw_mariadb::statement_closer::operator()(MYSQL_STMT* s) const noexcept { api().mysql_stmt_close(s); }

void raw_mariadb::check(bool succeeded) {
    if (!succeeded) throw std::runtime_error(api().mysql_error(connection_.get()));
}
void raw_mariadb::check(MYSQL_STMT* s, bool succeeded) {
    if (!succeeded) throw std::runtime_error(api().mysql_stmt_error(s));
}

raw_mariadb::raw_mariadb(const std::string& kin_url) : connection_(api().mysql_init(nullptr)) {
    const url where = url::parse(kin_url);
    api().mysql_options(connection_.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    check(api().mysql_real_connect(connection_.get(), where.host.c_str(), where.user.c_str(),
                                   where.password.c_str(), where.database.c_str(), where.port, nullptr,
                                   0) != nullptr);
}

void raw_mariadb::run(const std::string& sql) {
    check(api().mysql_real_query(connection_.get(), sql.data(), sql.size()) == 0);
}

std::optional<std::string> raw_mariadb::ask_text(const std::string& sql) {
    run(sql);
    const std::unique_ptr<MYSQL_RES, decltype(::mysql_free_result)*> rows(
        api().mysql_store_result(connection_.get()), api().mysql_free_result);
    check(rows != nullptr);
    const MYSQL_ROW row = api().mysql_fetch_row(rows.get());
    if (row == nullptr) throw std::runtime_error("no row: " + sql);
    if (row[0] == nullptr) return std::nullopt;
    return std::string(row[0], api().mysql_fetch_lengths(rows.get())[0]);
}

raw_mariadb::statement raw_mariadb::prepare(const std::string& sql) {
    statement s(api().mysql_stmt_init(connection_.get()));
    check(s.get(), api().mysql_stmt_prepare(s.get(), sql.data(), sql.size()) == 0);
    return s;
}

std::optional<std::string> raw_mariadb::ask_binary(const std::string& sql, enum_field_types type) {
    const statement s = prepare(sql);
    std::string buffer(64, '\0');
    unsigned long length = 0;
    my_bool is_null = 0;
    MYSQL_BIND out{};
    out.buffer_type = type;
    out.buffer = buffer.data();
    out.buffer_length = buffer.size();
    out.length = &length;
    out.is_null = &is_null;
    check(s.get(), api().mysql_stmt_execute(s.get()) == 0);
    check(s.get(), api().mysql_stmt_bind_result(s.get(), &out) == 0);
    const int result = api().mysql_stmt_fetch(s.get());
    check(s.get(), result == 0 || result == MYSQL_DATA_TRUNCATED);
    if (is_null != 0) return std::nullopt;
    if (length > buffer.size()) {
        buffer.resize(length);
        out.buffer = buffer.data();
        out.buffer_length = length;
        check(s.get(), api().mysql_stmt_fetch_column(s.get(), &out, 0, 0) == 0);
    }
    buffer.resize(length);
    return buffer;
}

void raw_mariadb::run_binary(const std::string& sql, const std::optional<std::string>& value,
                             enum_field_types type) {
    const statement s = prepare(sql);
    std::string bytes = value.value_or("");
    MYSQL_BIND in{};
    in.buffer_type = value ? type : MYSQL_TYPE_NULL;
    in.buffer = bytes.data();
    in.buffer_length = bytes.size();
    check(s.get(), api().mysql_stmt_bind_param(s.get(), &in) == 0);
    check(s.get(), api().mysql_stmt_execute(s.get()) == 0);
}

std::string raw_mariadb::literal(const std::string& text) {
    std::string escaped(2 * text.size() + 1, '\0');
    escaped.resize(
        api().mysql_real_escape_string(connection_.get(), escaped.data(), text.data(), text.size()));
    return "'" + escaped + "'";
}

} // namespace kin::testing
