// SPDX-License-Identifier: MIT
// Chains of AND and OR.
#include "kin/sql/statement_writer.hpp"

namespace kin {

namespace {

/// The longest chain of AND or OR that is written flat; a longer one becomes a balanced tree of such chains.
constexpr std::uint32_t flat_chain = 8;

std::string_view word(sql_operator op) noexcept { return op == sql_operator::logical_and ? " AND " : " OR "; }

/// Reads well beside AND and OR without parentheses.
bool is_plain_term(sql_operator op) noexcept {
    switch (op) {
    case sql_operator::logical_and:
    case sql_operator::logical_or:
    case sql_operator::between:
    case sql_operator::not_between: return false;
    default: return true;
    }
}

} // namespace

void statement_writer::chain_of(const task& t) {
    const expression::item& i = t.tree->items()[t.index];
    task c = t;
    c.kind = task_kind::chain;
    c.op = i.op;
    c.index = children_of(t); // they stay in terms_: the chain is written in several steps
    c.last = c.index + i.arity;
    pending_.push_back(c);
}

void statement_writer::chain(const task& t) {
    const std::uint32_t n = t.last - t.index;
    if (n <= flat_chain) {
        // a AND b AND c is ((a AND b) AND c) to a parser: the first terms are the deepest.
        for (std::uint32_t k = 0; k < n; ++k) {
            if (k != 0) text(word(t.op));
            chain_term(t, terms_[t.index + k], t.depth + (k == 0 ? n - 1 : n - k));
        }
        return;
    }
    task half = t;
    ++half.depth;
    half.last = t.index + n / 2;
    text("(");
    pending_.push_back(half);
    text(")");
    text(word(t.op));
    half.index = half.last;
    half.last = t.last;
    text("(");
    pending_.push_back(half);
    text(")");
}

void statement_writer::chain_term(const task& t, std::uint32_t term, std::uint32_t depth) {
    task c = t;
    c.kind = task_kind::node;
    c.index = term;
    c.depth = depth;
    const bool bare = is_plain_term(t.tree->items()[term].op);
    if (!bare) text("(");
    pending_.push_back(c);
    if (!bare) text(")");
}

} // namespace kin
