// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "unique_conflicts.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

/// The order of a flush row by row, for when classes cannot be ordered as a whole: unique values that are freed and taken, rows that
/// refer to each other. Every write is a vertex; an edge says "before". Rings are opened where a foreign key may be NULL for a
/// while or a unique value can be parked; then the vertices are collected into as few statements as the edges allow.
class dependency_graph {
public:
    /// `d` must outlive it.
    dependency_graph(const dialect& d, const std::vector<node*>& pending, const std::vector<node*>& changed,
                     const std::vector<node*>& removing, const std::vector<unique_conflict>& conflicts);

    /// Throws: state_error (cyclic_dependency, unique_ring).
    [[nodiscard]] std::vector<flush_plan::step> steps();

private:
    using vertex_id = std::size_t;
    static constexpr vertex_id none = static_cast<vertex_id>(-1);
    enum class reason : std::uint8_t {
        refers,   // the row refers to one that is inserted before
        referred, // the row is deleted after those that refer to it
        outlives, // would refer to a row that is deleted: written before, so that the database refuses
        unique,   // the value is free only after the other was written
        follows,  // two writes of one row
    };
    struct edge {
        vertex_id from;
        vertex_id to;
        reason why;
        const relationship* by = nullptr; // refers, referred
        std::vector<std::uint32_t> columns = {};
        bool open = true; // not cut
    };
    struct vertex {
        flush_action action;
        node* object;
        node* replaced = nullptr;
        std::vector<std::uint32_t> columns = {};
        std::vector<const relationship*> late = {};
        bool done = false;
    };

    [[nodiscard]] bool is_open(const edge& e) const noexcept {
        return e.open && wholes_[e.from] != wholes_[e.to];
    }
    vertex_id add(flush_action action, node& n);
    void connect(vertex_id from, vertex_id to, reason why, const relationship* by = nullptr,
                 std::vector<std::uint32_t> columns = {});
    /// The write of an object that is not its parking: insert, replace, update or remove.
    [[nodiscard]] vertex_id write_of(const node* n) const;
    void add_references(vertex_id v);
    void add_references_by_hand();
    void add_row_references();
    void add_conflict(const unique_conflict& c);
    void take_over_row(const unique_conflict& c);

    void open_rings();
    void keep_together(const std::vector<std::size_t>& ring);
    [[nodiscard]] std::vector<std::size_t> find_ring() const;
    [[nodiscard]] bool cut(const std::vector<std::size_t>& ring);
    [[nodiscard]] bool cut_removals_of_one_class(const std::vector<std::size_t>& ring);
    [[nodiscard]] bool cut_unique(edge& e);
    [[nodiscard]] bool cut_reference(edge& e);
    [[nodiscard]] bool cut_removal(edge& e);
    vertex_id park(node& n, const std::vector<std::uint32_t>& columns);
    [[noreturn]] void fail(const std::vector<std::size_t>& ring) const;
    [[nodiscard]] std::vector<flush_plan::step> collect();

    const dialect& dialect_;
    std::vector<vertex> vertices_;
    std::vector<edge> edges_;
    std::vector<std::vector<std::size_t>> outgoing_; // per vertex, positions in edges_
    std::vector<vertex_id>
        wholes_; // per vertex, one that stands for all that one statement must write with it
    std::unordered_map<const node*, vertex_id> writes_;
    std::unordered_map<const node*, vertex_id> parkings_;
    std::unordered_map<const node*, vertex_id> updates_after_insert_;
};

} // namespace kin::detail
