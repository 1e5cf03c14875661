// SPDX-License-Identifier: MIT
#include "unit/postgresql/raw_session.hpp"

#include <stdexcept>

#include "kin/engine/url.hpp"
#include "support/shared_library.hpp"

namespace kin::testing {

struct raw_postgresql::functions {
    shared_library library{"libpq.so.5"};
#define KIN_FUNCTION(name) decltype(::name)* name = library.find<decltype(::name)>(#name)
    KIN_FUNCTION(PQsetdbLogin);
    KIN_FUNCTION(PQstatus);
    KIN_FUNCTION(PQerrorMessage);
    KIN_FUNCTION(PQexecParams);
    KIN_FUNCTION(PQresultStatus);
    KIN_FUNCTION(PQntuples);
    KIN_FUNCTION(PQftype);
    KIN_FUNCTION(PQgetisnull);
    KIN_FUNCTION(PQgetvalue);
    KIN_FUNCTION(PQgetlength);
    KIN_FUNCTION(PQclear);
    KIN_FUNCTION(PQfinish);
#undef KIN_FUNCTION
};

const raw_postgresql::functions& raw_postgresql::api() {
    static const functions loaded;
    return loaded;
}

void raw_postgresql::closer::operator()(PGconn* c) const noexcept { api().PQfinish(c); }
void raw_postgresql::clearer::operator()(PGresult* r) const noexcept { api().PQclear(r); }

raw_postgresql::raw_postgresql(const std::string& kin_url) {
    const url where = url::parse(kin_url);
    connection_.reset(api().PQsetdbLogin(where.host.c_str(), std::to_string(where.port).c_str(), nullptr,
                                         nullptr, where.database.c_str(), where.user.c_str(),
                                         where.password.c_str()));
    if (api().PQstatus(connection_.get()) != CONNECTION_OK)
        throw std::runtime_error(api().PQerrorMessage(connection_.get()));
    if (const std::string* path = where.find_option("search_path")) run("SET search_path = " + *path);
    run("SET TimeZone = 'UTC'");
    run("SET DateStyle = 'ISO'");
    run("SET client_encoding = 'UTF8'");
}

raw_postgresql::result raw_postgresql::execute(const std::string& sql, const std::vector<value>& parameters,
                                               wire_format format) {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const value& v : parameters) {
        types.push_back(v.type);
        values.push_back(v.bytes ? v.bytes->c_str() : nullptr);
        lengths.push_back(v.bytes ? static_cast<int>(v.bytes->size()) : 0);
        formats.push_back(v.format == wire_format::binary ? 1 : 0);
    }
    result r(api().PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(types.size()), types.data(),
                                values.data(), lengths.data(), formats.data(),
                                format == wire_format::binary ? 1 : 0));
    const ExecStatusType status = api().PQresultStatus(r.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        throw std::runtime_error(api().PQerrorMessage(connection_.get()));
    return r;
}

raw_postgresql::value raw_postgresql::ask(const std::string& sql, const std::vector<value>& parameters,
                                          wire_format format) {
    const result r = execute(sql, parameters, format);
    if (api().PQntuples(r.get()) != 1) throw std::runtime_error("not one row: " + sql);
    value found{.bytes = {}, .type = api().PQftype(r.get(), 0), .format = format};
    if (api().PQgetisnull(r.get(), 0, 0) == 0)
        found.bytes.emplace(api().PQgetvalue(r.get(), 0, 0),
                            static_cast<std::size_t>(api().PQgetlength(r.get(), 0, 0)));
    return found;
}

void raw_postgresql::run(const std::string& sql, const std::vector<value>& parameters) {
    (void)execute(sql, parameters, wire_format::text);
}

} // namespace kin::testing
