// SPDX-License-Identifier: MIT
#include "kin/postgresql/row_cursor.hpp"

#include <vector>

#include "kin/base/error.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/errors.hpp"
#include "kin/postgresql/values.hpp"

namespace kin::postgresql {

row_cursor::row_cursor(postgresql_connection& c, const std::string& sql, std::span<const cell> values,
                       parameters& memory)
    : connection_(c),
      name_(c.next_cursor_name()),
      ends_(c.cursor_ends()),
      holds_(!c.in_transaction()) {
    std::vector<std::uint32_t> declared;
    for (const cell& v : values) declared.push_back(declared_type(v));
    memory.encode(values, declared);
    const std::string declare =
        "DECLARE " + name_ + " NO SCROLL CURSOR " + (holds_ ? "WITH HOLD " : "") + "FOR " + sql;
    if (holds_) c.note_session_touched();
    const libpq& pq = library();
    auto [declared_it, description] = c.wire().exchange_together(
        [&](PGconn* server) {
            return pq.PQsendQueryParams(server, declare.c_str(), memory.size(), declared.data(),
                                        memory.values(), memory.lengths(), memory.formats(), 0);
        },
        [&](PGconn* server) { return pq.PQsendDescribePortal(server, name_.c_str()); });
    c.wire().check(*declared_it);
    c.wire().check(*description);
    description_ = std::move(description);
    binary_ = c.statements().reads_binary_of(*description_);
}

row_cursor::~row_cursor() {
    // A name that the server does not know any more would be an error, and end the transaction.
    if (connection_.cursor_ends() != ends_ || !connection_.wire().is_open()) return;
    try {
        connection_.wire().clean_up_with_next("CLOSE " + name_);
    } catch (...) {
        return; // no memory: it ends with the transaction
    }
}

result_handle row_cursor::fetch(std::uint32_t rows) {
    const std::string sql = "FETCH FORWARD " + std::to_string(rows) + " FROM " + name_;
    result_handle r = connection_.wire().exchange([&](PGconn* server) {
        return library().PQsendQueryParams(server, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                                           binary_ ? 1 : 0);
    });
    if (error_of(r.get()).sqlstate == "34000") {
        throw statement_error({.code = "cursor_closed",
                               .message =
                                   "the rows that were left cannot be read any more: the transaction in "
                                   "which the query began, or the savepoint, has ended; read them first",
                               .sql = {},
                               .sqlstate = "34000"});
    }
    connection_.wire().check(*r);
    return r;
}

} // namespace kin::postgresql
