// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "delete_writer.hpp"
#include "insert_writer.hpp"
#include "unit_of_work.hpp"
#include "update_writer.hpp"

namespace kin::detail {

/// Carries a flush plan out: states become INSERT, UPDATE and DELETE. Lives for one flush.
class persistence {
public:
    persistence(session_core& session, connection& c)
        : inserts_(session, c),
          updates_(session, c),
          deletes_(session, c) {}

    void insert(const flush_plan::step& group) {
        inserts_.write(*group.type, group.objects);
        if (!group.late.empty() && group.type->has_update_defaults()) updates_.spare(group.objects);
    }
    void update(std::span<node* const> objects) { updates_.write(objects); }
    /// See update_writer::write_columns().
    void update_columns(node& n, std::span<const std::uint32_t> columns, std::span<const cell> values) {
        updates_.write_columns(n, columns, values);
    }
    void update_columns(std::span<node* const> objects, std::span<const std::uint32_t> columns,
                        std::span<const cell> values) {
        updates_.write_columns(objects, columns, values);
    }
    void follow_keys() { updates_.follow_keys(); }
    void write_over(node& fresh, const node& removed) { updates_.write_over(fresh, removed); }
    void remove(const flush_plan::step& group) { deletes_.write(group); }

private:
    insert_writer inserts_;
    update_writer updates_;
    delete_writer deletes_;
};

} // namespace kin::detail
