// SPDX-License-Identifier: MIT
#include "support/outside_view.hpp"

#include <algorithm>

#include "kin/create_engine.hpp"
#include "kin/engine/url.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace kin::testing {

namespace {

std::string values_of(const std::vector<std::vector<std::string>>& rows) {
    std::string text;
    for (const auto& row : rows) {
        text += text.empty() ? "(" : "), (";
        for (std::size_t i = 0; i < row.size(); ++i) text.append(i == 0 ? "" : ", ").append(row[i]);
    }
    return text + ")";
}

} // namespace

shared_database::shared_database() : url_(on_sqlite() ? directory_.url() : fresh_url()) {}

std::string shared_database::url(std::string_view options) const {
    if (options.empty()) return url_;
    return url_ + (url_.find('?') == std::string::npos ? '?' : '&') + std::string(options);
}

outside_view::outside_view(const shared_database& database) {
    if (on_sqlite()) {
        file_.emplace(url::parse(database.url()).database);
        return;
    }
    server_.emplace(create_engine(database.url(), {.pool_size = 1}));
    connection_.emplace(server_->connect());
}

std::string outside_view::quoted(std::string_view name) const {
    std::string text;
    server_->dialect().quote(text, name);
    return text;
}

const std::vector<std::string>& outside_view::tables() {
    if (!tables_.empty()) return tables_;
    tables_ = column_of(*connection_, std::string("SELECT table_name FROM information_schema.tables WHERE "
                                                  "table_schema = ") +
                                          (on_mariadb() ? "DATABASE()" : "current_schema()"));
    return tables_;
}

raw_database::content outside_view::read() {
    if (file_) return file_->read();
    raw_database::content all;
    for (const std::string& name : tables()) {
        raw_database::table& found = all[name];
        cursor rows = connection_->open("SELECT * FROM " + quoted(name));
        while (rows.next()) {
            std::vector<std::string>& row = found.rows.emplace_back();
            for (std::size_t i = 0; i < rows.column_count(); ++i) row.push_back(literal_of(rows.read_raw(i)));
        }
        for (std::size_t i = 0; i < rows.column_count(); ++i) found.columns.emplace_back(rows.column_name(i));
        std::sort(found.rows.begin(), found.rows.end());
    }
    return all;
}

void outside_view::refill(const raw_database::content& rows) {
    if (file_) {
        std::string script;
        for (const auto& [name, t] : rows)
            if (!t.rows.empty()) script += "INSERT INTO \"" + name + "\" VALUES " + values_of(t.rows) + ";";
        return file_->refill(script);
    }
    connection& c = *connection_;
    if (on_mariadb()) c.execute("SET foreign_key_checks = 0");
    c.begin(transaction_access::write);
    if (!on_mariadb())
        c.execute("SET LOCAL session_replication_role = replica"); // no triggers, and so no keys
    // PostgreSQL puts new rows where old ones were once a page is full, and a query gives them in that order.
    const bool anew = !on_mariadb() && refills_++ % 8 == 0;
    std::string all;
    for (const std::string& name : tables()) {
        all += (all.empty() ? "" : ", ") + quoted(name);
        if (!anew) c.execute("DELETE FROM " + quoted(name));
    }
    if (anew) c.execute("TRUNCATE " + all);
    for (const auto& [name, t] : rows)
        if (!t.rows.empty()) c.execute("INSERT INTO " + quoted(name) + " VALUES " + values_of(t.rows));
    c.commit();
    if (on_mariadb()) c.execute("SET foreign_key_checks = 1");
}

void outside_view::leave_keys_free(const metadata& tables) {
    if (file_) return;
    for (const table* t : tables.tables()) {
        for (const column& c : t->columns()) {
            if (!c.generated) continue;
            connection_->execute(on_mariadb() ? "ALTER TABLE " + quoted(t->name()) + " AUTO_INCREMENT = 1001"
                                              : "SELECT setval(pg_get_serial_sequence('" + quoted(t->name()) +
                                                    "', '" + c.name + "'), 1000)");
        }
    }
}

void outside_view::require_unlocked() {
    if (file_) return file_->run("BEGIN IMMEDIATE; COMMIT");
    std::string all;
    for (const std::string& name : tables())
        all += (all.empty() ? "" : ", ") + quoted(name) + (on_mariadb() ? " WRITE" : "");
    if (on_mariadb()) {
        connection_->execute("LOCK TABLES " + all + " NOWAIT");
        connection_->execute("UNLOCK TABLES");
        return;
    }
    connection_->begin(transaction_access::write);
    try {
        connection_->execute("LOCK TABLE " + all + " IN EXCLUSIVE MODE NOWAIT");
    } catch (...) {
        connection_->rollback();
        throw;
    }
    connection_->rollback();
}

} // namespace kin::testing
