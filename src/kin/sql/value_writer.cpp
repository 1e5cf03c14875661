// SPDX-License-Identifier: MIT
// Operands that are more than a column or a placeholder: SQL of a type's own around them, and values inside of documents.
#include <algorithm>

#include "kin/sql/json_path.hpp"
#include "kin/sql/refuse.hpp"
#include "kin/sql/statement_writer.hpp"

namespace kin {

void statement_writer::wrapped(const task& t) {
    const std::string_view words = t.tree->items()[t.index].text;
    const std::size_t mark = words.find('?');
    text(words.substr(0, mark));
    pending_.push_back(child(t, t.index - 1));
    if (mark != std::string_view::npos) text(words.substr(mark + 1));
}

/// A column that the SELECT gives, with the SQL that its type puts around it for reading.
void statement_writer::selected(const expression& e, std::uint32_t depth) {
    const auto& items = e.items();
    const bool is_column = items.size() == 1 && items.front().op == sql_operator::column;
    const std::string_view words = is_column ? items.front().column->type.sql_read : std::string_view();
    const std::size_t mark = words.find('?');
    text(words.substr(0, mark));
    expression_of(e, depth);
    if (mark != std::string_view::npos) text(words.substr(mark + 1));
}

void statement_writer::json_value(const task& t) {
    std::string_view pattern = dialect_.json_access(t.tree->items()[t.index].as);
    if (pattern.empty()) {
        refuse("unsupported_feature", std::string(dialect_.name()) +
                                          " cannot look into JSON documents; ask "
                                          "dialect::supports(feature::json_path) before");
    }
    constexpr std::string_view document = "{c}";
    constexpr std::string_view path = "{p}";
    for (;;) {
        const std::size_t mark = std::min(pattern.find(document), pattern.find(path));
        text(pattern.substr(0, mark));
        if (mark == std::string_view::npos) return;
        if (pattern.substr(mark).starts_with(document)) {
            operand(child(t, t.index - 1));
        } else {
            task p = t;
            p.kind = task_kind::json_path;
            pending_.push_back(p);
        }
        pattern.remove_prefix(mark + document.size());
    }
}

/// The same path is the same parameter where placeholders have numbers: GROUP BY must have the very expression that SELECT has.
void statement_writer::json_path(const task& t) {
    const value path(std::string_view(dialect_.json_path(detail::json_steps(t.tree->items()[t.index].text))));
    std::string first, second;
    dialect_.placeholder(first, 1);
    dialect_.placeholder(second, 2);
    for (const std::size_t n : json_paths_) {
        if (first != second && parameters_[n - 1] == path)
            return dialect_.placeholder(out_, placeholders_before_ + n);
    }
    parameter(path);
    json_paths_.push_back(parameters_.size());
}

} // namespace kin
