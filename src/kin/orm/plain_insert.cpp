// SPDX-License-Identifier: MIT
#include "plain_insert.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>

#include "bound_values.hpp"
#include "column_defaults.hpp"
#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/column_rules.hpp"
#include "kin/sql/compiler.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 1000;           // of one INSERT
constexpr std::size_t most_rows_to_copy = 10'000; // whose copy is in memory at once

const void* member_at(const void* object, const property& p) {
    return static_cast<const char*>(object) + p.offset;
}

/// The columns that an INSERT of an object names: those that the database fills are left out while they are as they were made, but
/// for those that it fills by SQL in the statement.
struct shape {
    std::vector<const column*> columns = {};
    std::vector<const column*> computed = {};
    [[nodiscard]] bool operator==(const shape&) const = default;
};

shape shape_of(const mapper& m, const void* object) {
    shape s;
    for (const property& p : m.properties()) {
        if (!p.is_made_by_database() || !p.is_default(member_at(object, p)))
            s.columns.push_back(p.column);
        else if (p.at_insert() && p.at_insert()->is_sql())
            s.computed.push_back(p.column);
    }
    return s;
}

/// The values that functions make for columns of plain objects, which stay as they are.
class function_values {
public:
    /// Calls each function once for each object without a value. Throws: what they throw; data_error.
    function_values(const mapper& m, std::span<const void* const> objects) {
        if (!m.has_insert_defaults()) return;
        for (const property& p : m.properties()) {
            if (!p.at_insert() || !p.at_insert()->maker) continue;
            std::vector<value>& values = columns_.emplace_back(column_values{&p, {}}).values;
            for (const void* object : objects) {
                const bool is_unset = p.is_default(member_at(object, p));
                values.push_back(is_unset ? made_value(m, p, *p.at_insert(), object) : value());
            }
        }
    }
    /// Puts those of one object, the one with this position, into its row.
    void put(const void* object, std::size_t position, std::vector<cell>& row) const {
        for (const column_values& c : columns_) {
            if (c.of->is_default(member_at(object, *c.of)))
                row[c.of->column->index] = c.values[position].view();
        }
    }

private:
    struct column_values {
        const property* of;
        std::vector<value> values;
    };
    std::vector<column_values> columns_;
};

class writer {
public:
    writer(session_core& session, const set_plan& plan)
        : session_(session),
          type_(*plan.type),
          objects_(plan.rows),
          made_(type_, objects_),
          row_(type_.properties().size()) {
        for (const expression& e : plan.returning) {
            const bool is_column = e.items().size() == 1 && e.items().front().op == sql_operator::column &&
                                   e.items().front().column->owner == &type_.table();
            if (!is_column) {
                throw compile_error({.code = "unsupported_feature",
                                     .message = "an INSERT into " + type_.table().name() +
                                                " returns columns of its own table only",
                                     .sql = {},
                                     .table = type_.table().name()});
            }
            returning_.push_back(e.items().front().column);
        }
    }

    /// Objects of this shape are written until the next call. Returns how many a statement may have.
    std::size_t begin(const shape& s) {
        computed_ = computed_at_insert(type_, s.computed);
        constants_ = parameters_of(session_.dialect(), nullptr, computed_);
        if (!session_.dialect().supports(feature::multi_row_insert)) return 1;
        if (s.columns.empty() && s.computed.empty()) return 1;
        const std::size_t width = std::max<std::size_t>(1, s.columns.size() + constants_.size());
        return std::max<std::size_t>(1, std::min(most_rows, session_.dialect().limits().parameters / width));
    }

    /// Whether the database may have a faster way for that many rows.
    [[nodiscard]] bool may_copy(std::size_t rows) const {
        const std::size_t fewest = session_.dialect().limits().fewest_rows_to_copy;
        return returning_.empty() && computed_.empty() && fewest != 0 && rows >= fewest;
    }

    std::int64_t write(std::size_t first, std::size_t rows, const shape& s,
                       const std::function<std::int64_t(cursor&)>& read) {
        encode(first, rows, s);
        const std::string sql =
            compile_insert(session_.dialect(), type_.table(), s.columns, rows, returning_, computed_);
        return named([&] {
            if (returning_.empty()) return session_.writing().execute(sql, parameters_);
            cursor found = session_.writing().open(sql, parameters_);
            return read(found);
        });
    }

    /// Nothing when they must be inserted.
    std::optional<std::int64_t> copy(std::size_t first, std::size_t rows, const shape& s) {
        encode(first, rows, s);
        return named([&] { return session_.writing().copy_in(type_.table(), s.columns, parameters_); });
    }

private:
    void encode(std::size_t first, std::size_t rows, const shape& s) {
        memory_.clear();
        parameters_.clear();
        const std::vector<cell> constants = views_of(constants_);
        for (std::size_t i = first; i < first + rows; ++i) {
            add(i, s);
            parameters_.insert(parameters_.end(), constants.begin(), constants.end());
        }
    }
    /// What goes wrong in `work` gets the names of table and constraint.
    template <class Work> std::invoke_result_t<Work&> named(Work&& work) {
        try {
            return work();
        } catch (...) {
            rethrow_of_insert(session_.dialect(), type_);
        }
    }
    void add(std::size_t position, const shape& s) {
        const void* object = objects_[position];
        const std::uint32_t done = type_.functions().encode(type_, object, row_.data(), memory_);
        if (done != row_.size()) fail_out_of_range(type_, type_.properties()[done]);
        const property* version = type_.version();
        if (version && version->is_default(member_at(object, *version)))
            row_[version->column->index] = cell::of_integer(1);
        made_.put(object, position, row_);
        for (const column* c : s.columns) {
            check_limits(type_, type_.properties()[c->index], row_[c->index]);
            parameters_.push_back(row_[c->index]);
        }
    }
    session_core& session_;
    const mapper& type_;
    std::span<const void* const> objects_;
    function_values made_;
    std::vector<assignment> computed_; // of the shape that is written
    std::vector<value> constants_;     // ... the values in its SQL, which each row has
    std::vector<cell> row_;
    std::vector<cell> parameters_;
    std::vector<const column*> returning_;
    scratch memory_;
};

} // namespace

std::int64_t insert_plain(session_core& session, const set_plan& plan,
                          const std::function<std::int64_t(cursor&)>& read) {
    writer work(session, plan);
    const std::span<const void* const> rows(plan.rows);
    std::int64_t written = 0;
    for (std::size_t first = 0; first < rows.size();) {
        const shape s = shape_of(*plan.type, rows[first]);
        const std::size_t most = work.begin(s);
        const auto run = [&](std::size_t longest) {
            std::size_t n = 1;
            while (first + n < rows.size() && n < longest && shape_of(*plan.type, rows[first + n]) == s) ++n;
            return n;
        };
        if (work.may_copy(rows.size() - first)) {
            const std::size_t n = run(most_rows_to_copy);
            const auto copied = work.may_copy(n) ? work.copy(first, n, s) : std::nullopt;
            if (copied) {
                written += *copied;
                first += n;
                continue;
            }
        }
        const std::size_t n = run(most);
        written += work.write(first, n, s, read);
        first += n;
    }
    return written;
}

} // namespace kin::detail
