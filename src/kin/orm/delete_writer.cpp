// SPDX-License-Identifier: MIT
#include "delete_writer.hpp"

#include <algorithm>
#include <cstddef>

#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "renew.hpp"
#include "row_cells.hpp"
#include "stale_row.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 500; // of one DELETE, where the rows need not go together

std::vector<const column*> key_columns(const mapper& m) {
    std::vector<const column*> columns;
    for (const std::uint32_t i : m.key()) columns.push_back(m.properties()[i].column);
    return columns;
}

/// The database may have deleted a row of `m` together with the one that it refers to.
bool may_go_with_parent(const mapper& m) {
    return std::any_of(m.properties().begin(), m.properties().end(), [](const property& p) {
        return p.foreign_target && p.on_delete == referential_action::cascade;
    });
}

} // namespace

void delete_writer::write(const flush_plan::step& group) {
    const mapper& m = *group.type;
    const std::span<node* const> objects = group.objects;
    for (node* n : objects) session_.fire(session_event::before_remove, n);
    const std::vector<const column*> key = key_columns(m);
    std::vector<const column*> where = key;
    if (m.version()) where.push_back(m.version()->column);
    const std::size_t most = std::clamp<std::size_t>(session_.dialect().limits().parameters / where.size(), 1,
                                                     group.together ? objects.size() : most_rows);
    std::string text;
    std::size_t text_rows = 0;
    for (std::size_t first = 0; first < objects.size(); first += most) {
        const std::span<node* const> some = objects.subspan(first, std::min(most, objects.size() - first));
        if (some.size() != text_rows) {
            // With versions the keys come back: which rows were there cannot be asked for afterwards.
            text = compile_delete(session_.dialect(), m.table(), where, some.size(),
                                  m.version() ? std::span(key) : std::span<const column* const>());
            text_rows = some.size();
        }
        renew(values_);
        for (const node* n : some) {
            for (const std::uint32_t i : m.key())
                values_->cells.push_back(row_cell(*n, m.properties()[i], values_->memory));
            if (m.version()) values_->cells.push_back(member_cell(*n, *m.version(), values_->memory));
        }
        connection_.send(text, values_,
                         [this, &m, some](const pending_answer& answer) { accept(m, some, answer); });
    }
}

/// The rows are gone.
void delete_writer::accept(const mapper& m, std::span<node* const> objects, const pending_answer& answer) {
    try {
        if (m.version()) {
            check_versions(m, objects, answer);
        } else {
            answer.affected_rows();
        }
    } catch (const foreign_key_violation& e) {
        rethrow_of_delete(session_.dialect(), e, m, session_.objects());
    }
    for (node* n : objects) session_.undo().removed.push_back(n);
}

void delete_writer::check_versions(const mapper& m, std::span<node* const> objects,
                                   const pending_answer& answer) {
    std::vector<const node*> deleted;
    {
        cursor keys = answer.take();
        deleted = objects_found(keys, session_.objects().of(m));
    }
    if (deleted.size() == objects.size()) return;
    const stale_row stale(session_, connection_, m, answer.sql());
    for (const node* n : objects) {
        if (std::find(deleted.begin(), deleted.end(), n) != deleted.end()) continue;
        std::vector<cell> row(m.properties().size());
        scratch memory;
        for (const property& p : m.properties()) row[p.column->index] = row_cell(*n, p, memory);
        if (may_go_with_parent(m) && !stale.is_there(row)) continue;
        stale.fail_version("DELETE", row, member_cell(*n, *m.version(), memory));
    }
}

} // namespace kin::detail
