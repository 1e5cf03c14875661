// SPDX-License-Identifier: MIT
#include "plain_insert.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>

#include "constraint_names.hpp"
#include "kin/base/error.hpp"
#include "kin/sql/compiler.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t most_rows = 1000;           // of one INSERT
constexpr std::size_t most_rows_to_copy = 10'000; // whose copy is in memory at once

const void* member_at(const void* object, const property& p) {
    return static_cast<const char*>(object) + p.offset;
}

/// The columns that an INSERT of `object` names: those that the database fills are left out while they are as they were made.
std::vector<const column*> columns_of(const mapper& m, const void* object) {
    std::vector<const column*> columns;
    for (const property& p : m.properties()) {
        const bool may_be_filled = p.column->generated || !p.column->server_default.empty();
        if (!may_be_filled || !p.is_default(member_at(object, p))) columns.push_back(p.column);
    }
    return columns;
}

class writer {
public:
    writer(session_core& session, const set_plan& plan)
        : session_(session),
          type_(*plan.type),
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

    /// Whether the database may have a faster way for that many rows.
    [[nodiscard]] bool may_copy(std::size_t rows) const {
        const std::size_t fewest = session_.dialect().limits().fewest_rows_to_copy;
        return returning_.empty() && fewest != 0 && rows >= fewest;
    }

    std::int64_t write(std::span<const void* const> objects, const std::vector<const column*>& columns,
                       const std::function<std::int64_t(cursor&)>& read) {
        encode(objects, columns);
        const std::string sql =
            compile_insert(session_.dialect(), type_.table(), columns, objects.size(), returning_);
        return named([&] {
            if (returning_.empty()) return session_.writing().execute(sql, parameters_);
            cursor rows = session_.writing().open(sql, parameters_);
            return read(rows);
        });
    }

    /// Nothing when they must be inserted.
    std::optional<std::int64_t> copy(std::span<const void* const> objects,
                                     const std::vector<const column*>& columns) {
        encode(objects, columns);
        return named([&] { return session_.writing().copy_in(type_.table(), columns, parameters_); });
    }

private:
    void encode(std::span<const void* const> objects, const std::vector<const column*>& columns) {
        memory_.clear();
        parameters_.clear();
        for (const void* object : objects) add(object, columns);
    }
    /// What goes wrong in `work` gets the names of table and constraint.
    template <class Work> std::invoke_result_t<Work&> named(Work&& work) {
        try {
            return work();
        } catch (...) {
            rethrow_of_insert(session_.dialect(), type_);
        }
    }
    void add(const void* object, const std::vector<const column*>& columns) {
        const std::uint32_t done = type_.functions().encode(type_, object, row_.data(), memory_);
        if (done != row_.size()) fail_out_of_range(type_.properties()[done]);
        const property* version = type_.version();
        if (version && version->is_default(member_at(object, *version)))
            row_[version->column->index] = cell::of_integer(1);
        for (const column* c : columns) {
            check_limits(type_, type_.properties()[c->index], row_[c->index]);
            parameters_.push_back(row_[c->index]);
        }
    }
    [[noreturn]] void fail_out_of_range(const property& p) const {
        throw data_error({.code = "value_out_of_range",
                          .message = type_.class_name() + "." + p.name +
                                     ": the value does not fit into column " + type_.table().name() + "." +
                                     p.column->name,
                          .sql = {},
                          .table = type_.table().name(),
                          .column = p.column->name});
    }

    session_core& session_;
    const mapper& type_;
    std::vector<cell> row_;
    std::vector<cell> parameters_;
    std::vector<const column*> returning_;
    scratch memory_;
};

} // namespace

std::int64_t insert_plain(session_core& session, const set_plan& plan,
                          const std::function<std::int64_t(cursor&)>& read) {
    writer work(session, plan);
    const std::size_t limit = session.dialect().limits().parameters;
    const bool many = session.dialect().supports(feature::multi_row_insert);
    const std::span<const void* const> rows(plan.rows);
    std::int64_t written = 0;
    for (std::size_t first = 0; first < rows.size();) {
        const std::vector<const column*> columns = columns_of(*plan.type, rows[first]);
        const std::size_t most = !many || columns.empty()
                                     ? 1
                                     : std::max<std::size_t>(1, std::min(most_rows, limit / columns.size()));
        const auto run = [&](std::size_t longest) {
            std::size_t n = 1;
            while (first + n < rows.size() && n < longest &&
                   columns_of(*plan.type, rows[first + n]) == columns)
                ++n;
            return n;
        };
        if (work.may_copy(rows.size() - first)) {
            const std::size_t n = run(most_rows_to_copy);
            const auto copied = work.may_copy(n) ? work.copy(rows.subspan(first, n), columns) : std::nullopt;
            if (copied) {
                written += *copied;
                first += n;
                continue;
            }
        }
        const std::size_t n = run(most);
        written += work.write(rows.subspan(first, n), columns, read);
        first += n;
    }
    return written;
}

} // namespace kin::detail
