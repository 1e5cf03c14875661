// SPDX-License-Identifier: MIT
#include "kin/sql/compiler.hpp"

#include "kin/sql/function_list.hpp"
#include "kin/sql/statement_writer.hpp"

namespace kin {

namespace {

/// Whether SELECT count(*) in place of the columns would count other rows.
bool must_be_wrapped(const select_statement& s) {
    if (s.distinct || s.limit || s.offset || !s.group_by.empty() || !s.having.empty()) return true;
    for (const expression& e : s.columns) {
        if (has_aggregate(e)) return true;
    }
    return false;
}

void write_rest(statement_writer& writer, const predicate& where, const std::vector<expression>& returning) {
    if (!where.empty()) writer.text(" WHERE ");
    writer.expression_of(where);
    std::string_view before = " RETURNING ";
    for (const expression& e : returning) {
        writer.text(before);
        before = ", ";
        writer.expression_of(e);
    }
    writer.run();
}

} // namespace

compiled_statement compile(const dialect& d, const select_statement& s) {
    statement_writer writer(d);
    writer.select(s);
    if (s.lock_rows) writer.text(d.row_lock());
    writer.run();
    return writer.finish();
}

compiled_statement compile_count(const dialect& d, const select_statement& s) {
    statement_writer writer(d);
    if (must_be_wrapped(s)) {
        writer.text("SELECT count(*) FROM (");
        writer.select(s, select_purpose::counted_rows);
        writer.text(") AS ");
        writer.run();
        writer.identifier("q");
    } else {
        writer.select(s, select_purpose::count);
        writer.run();
    }
    return writer.finish();
}

compiled_statement compile_exists(const dialect& d, const select_statement& s) {
    statement_writer writer(d);
    writer.text("SELECT EXISTS (");
    writer.select(s, select_purpose::existence);
    writer.text(")");
    writer.run();
    return writer.finish();
}

compiled_statement compile(const dialect& d, const update_statement& s) {
    statement_writer writer(d);
    writer.scopes().enter(true);
    writer.scopes().add(*s.target);
    writer.out() += "UPDATE ";
    writer.table_name(*s.target);
    std::string_view before = " SET ";
    for (const assignment& a : s.set) {
        writer.out() += before;
        before = ", ";
        writer.identifier(a.target->name);
        writer.out() += " = ";
        writer.expression_of(a.content);
        writer.run();
    }
    write_rest(writer, s.where, s.returning);
    return writer.finish();
}

compiled_statement compile(const dialect& d, const delete_statement& s) {
    statement_writer writer(d);
    writer.scopes().enter(true);
    writer.scopes().add(*s.target);
    writer.out() += "DELETE FROM ";
    writer.table_name(*s.target);
    write_rest(writer, s.where, s.returning);
    return writer.finish();
}

} // namespace kin
