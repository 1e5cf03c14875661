// SPDX-License-Identifier: MIT
#include "kin/sql/statement_writer.hpp"

#include "kin/sql/refuse.hpp"

namespace kin {

void statement_writer::text(std::string_view words) {
    if (words.empty()) return;
    task t;
    t.words = words;
    pending_.push_back(t);
}

void statement_writer::run() {
    for (;;) {
        while (!pending_.empty()) {
            tasks_.push_back(pending_.back());
            pending_.pop_back();
        }
        if (tasks_.empty()) return;
        const task next = tasks_.back();
        tasks_.pop_back();
        write(next);
    }
}

void statement_writer::write(const task& t) {
    switch (t.kind) {
    case task_kind::text: out_ += t.words; return;
    case task_kind::node: return node(t);
    case task_kind::chain: return chain(t);
    case task_kind::select: return t.query->recursive ? recursion(t) : select_parts(t);
    case task_kind::select_parts: return select_parts(t);
    case task_kind::from: return from(t);
    case task_kind::source: return source(t.index, *t.query);
    case task_kind::column_number: out_ += " AS "; return identifier("c" + std::to_string(t.index));
    case task_kind::limit: return limit(*t.query);
    case task_kind::json_path: return json_path(t);
    case task_kind::array: return array(t);
    case task_kind::leave_scope: return scopes_.leave();
    }
}

compiled_statement statement_writer::finish() {
    const dialect_limits limits = dialect_.limits();
    if (depth_ > limits.expression_depth) {
        refuse("query_too_deep",
               "the query's conditions are nested " + std::to_string(depth_) + " deep, and " +
                   std::string(dialect_.name()) + " takes " + std::to_string(limits.expression_depth) +
                   "; join conditions with && and || in one chain (chains may be long) instead of "
                   "nesting them, or split the query");
    }
    if (parameters_.size() > limits.parameters) {
        refuse("too_many_parameters", "the query has " + std::to_string(parameters_.size()) +
                                          " values, and " + std::string(dialect_.name()) + " takes " +
                                          std::to_string(limits.parameters) +
                                          "; split the list of in() or the query");
    }
    compiled_statement result;
    result.sql = std::move(out_);
    result.parameters = std::move(parameters_);
    return result;
}

} // namespace kin
