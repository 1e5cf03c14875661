// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/engine/execution_options.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/ref.hpp"
#include "kin/orm/load_options.hpp"
#include "kin/orm/open_statement_handle.hpp"
#include "kin/sql/select.hpp"
#include "kin/sql/text.hpp"

namespace kin::detail {

class session_core;

/// A query for objects of one class, without its type: what `query<T>` fills and the session runs.
struct entity_query {
    entity_query(std::shared_ptr<session_core> s, const mapper& m);
    entity_query(const entity_query& other);
    entity_query(entity_query&& other) noexcept;
    entity_query& operator=(const entity_query& other);
    entity_query& operator=(entity_query&& other) noexcept;
    ~entity_query();

    void add_condition(predicate condition);
    void add_order(order_term term);
    void add_option(load_option option);
    void add_option(class_criteria criterion);
    void set_sql(std::string_view sql, std::initializer_list<named_value> binds);

    std::shared_ptr<session_core> session = {};
    const mapper* type = nullptr;
    select_statement statement = {}; // columns and FROM are the mapper's
    std::vector<load_option> options = {};
    std::vector<class_criteria> criteria = {};
    bool unrestricted = false; // by the session's criteria
    std::string raw_sql = {};  // from_sql(): replaces `statement`
    std::vector<std::pair<std::string, value>> raw_binds = {};
    bool populates_existing = false; // rows overwrite the objects that are known
    execution_options execution = {};

    /// Runs it and calls nothing back: the objects, each once, in the order of the rows.
    /// At most `limit` objects are made (first() and one() need no more).
    [[nodiscard]] std::vector<node*> run(std::uint64_t limit, const call_place& where) const;
    /// Begins it; the objects come with next_batch(), execution.fetch_size at a time. Throws: as run(); compile_error (unsupported_feature) when
    /// it joins collections.
    [[nodiscard]] open_statement_handle open(const call_place& where) const;
    /// The next objects; none after the last. Throws: as run(); state_error (stream_ended).
    [[nodiscard]] std::vector<node*> next_batch(open_statement& s, const call_place& where) const;
    [[nodiscard]] std::int64_t count(const call_place& where) const;
    [[nodiscard]] bool exists(const call_place& where) const;
    [[noreturn]] void fail_no_result(const call_place& where) const;
    [[noreturn]] void fail_multiple_results(const call_place& where) const;
};
inline constexpr std::uint64_t no_limit = ~std::uint64_t{0};

} // namespace kin::detail
