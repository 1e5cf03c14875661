// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kin/engine/connection.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/orm/entity_query.hpp"
#include "kin/orm/row_query.hpp"
#include "kin/sql/compiler.hpp"
#include "load_plan.hpp"

/// What queries that run at once and queries that are read some rows at a time have in common.
namespace kin::detail {

[[nodiscard]] compiled_statement compile_raw(const dialect& d, const std::string& sql,
                                             const std::vector<std::pair<std::string, value>>& binds);
/// For each property of `m` the result column of its name. Throws: compile_error (result_shape).
[[nodiscard]] std::vector<std::size_t> columns_by_name(const mapper& m, const cursor& rows,
                                                       const std::string& sql);
/// Throws: compile_error (result_shape) when the statement gives another number of columns.
void require_columns(const cursor& rows, std::size_t wanted, const std::string& sql);
/// Reads the current row, number `row` of the statement, into `sink`. Throws: conversion_error.
void hand_row(cursor& rows, std::span<const cell_kind> kinds, cell* cells, row_sink& sink, std::uint64_t row,
              const std::string& sql);
/// Makes the objects of a result peers, and loads what is to load at once.
void make_group(session_core& session, const std::vector<node*>& found, const entity_query& q,
                const load_place& place, bool whole_table);

} // namespace kin::detail
