// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "key_changes.hpp"
#include "kin/base/scratch.hpp"
#include "kin/engine/connection.hpp"
#include "kin/sql/update.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// UPDATE of the columns in which objects differ from their rows. Neighbours that set the same columns share a statement: those that set
/// them to the same values always, those with values of their own where the dialect has a statement for it and no column is unique.
/// Objects whose foreign keys the database changes by ON UPDATE follow.
/// Where the connection sends ahead, what went wrong comes once it is settled; an UPDATE that changes a key is answered at once.
class update_writer {
public:
    update_writer(session_core& session, connection& c) : session_(session), connection_(c), keys_(session) {}

    /// Objects of one class stand together. Throws: stale_data (row_gone, version_conflict), constraint_violation, data_error.
    void write(std::span<node* const> objects);
    /// Sets only `columns` (positions) of the row of `n`, to `values`. The members stay as they are, but for the version, and the
    /// image has what was written, so that a later write() finds what is left to do. Throws: as write().
    void write_columns(node& n, std::span<const std::uint32_t> columns, std::span<const cell> values);
    /// ... of rows of one class, by as few statements as possible.
    void write_columns(std::span<node* const> objects, std::span<const std::uint32_t> columns,
                       std::span<const cell> values);
    /// The rows of these objects were inserted by this flush: update defaults are not for them.
    void spare(std::span<node* const> fresh) { fresh_.insert(fresh.begin(), fresh.end()); }
    /// Lets those who referred to keys that write_columns() has changed follow, before others take these keys.
    void follow_keys() { keys_.follow(); }
    /// The new object `fresh` takes the row of a removed one over, under the same primary key: UPDATE of what differs. Throws: as write().
    void write_over(node& fresh, const node& removed);

private:
    /// A text for a number of rows, made when that number changes.
    struct rows_text {
        std::string text = {};
        std::size_t rows = 0;
    };
    /// The UPDATEs that set certain columns of a class.
    struct statement {
        std::string text;        // of one row
        bool renames = false;    // sets a column that foreign keys may refer to
        std::size_t at_most = 0; // rows with values of their own that one statement sets; 0: only one
        rows_text same = {};     // the same values in several rows
        rows_text each = {};     // values of their own; as arrays: of any number of rows
        std::vector<assignment> computed = {}; // columns that SQL makes
        std::vector<value> constants = {};     // ... the values in that SQL
        std::vector<const column*> returned =
            {}; // the key, and what was computed; empty: it is asked for afterwards
    };
    /// What is set: columns by their positions, and their values; and columns that SQL makes.
    struct change {
        std::vector<std::uint32_t> columns = {};
        std::vector<std::uint32_t> computed = {};
        std::vector<cell> values = {};
    };
    /// Neighbours that set and compute the same columns, and their values, row by row.
    struct run {
        std::vector<node*> objects = {};
        change set = {};
        std::shared_ptr<scratch> memory = {}; // of values that have no home of their own

        void clear() noexcept {
            objects.clear();
            set.values.clear();
        }
        [[nodiscard]] std::span<const cell> values_of(std::size_t row) const noexcept {
            const std::size_t width = set.columns.size();
            return std::span(set.values).subspan(row * width, width);
        }
    };
    /// Rows of a run that one statement writes; the run lives until the answer has come.
    struct part {
        std::shared_ptr<const run> of;
        std::size_t first;
        std::size_t rows;

        [[nodiscard]] std::span<node* const> objects() const noexcept {
            return std::span(of->objects).subspan(first, rows);
        }
    };
    void write_class(const mapper& m, std::span<node* const> objects);
    [[nodiscard]] bool find_change(node& n);
    [[nodiscard]] bool compare(const node& n, std::span<const cell> row);
    void begin_change();
    bool add_to_change(const mapper& m, const property& p, const cell& value);
    void add_to_run(node& n);
    void send_run(const mapper& m);
    [[nodiscard]] std::size_t rows_with_same_values(const mapper& m, std::size_t first) const;
    void send_same(const mapper& m, std::size_t first, std::size_t rows);
    void send(const mapper& m, std::size_t first, std::size_t rows, const std::string& text);
    void accept(const mapper& m, const part& sent, const pending_answer& answer);
    void check_found(const mapper& m, const part& sent, const pending_answer& answer);
    [[nodiscard]] statement& statement_for(const mapper& m, std::span<const std::uint32_t> columns,
                                           std::span<const std::uint32_t> computed);
    [[nodiscard]] statement& statement_of_run(const mapper& m) {
        return statement_for(m, run_->set.columns, run_->set.computed);
    }
    void write_row(node& n, std::span<const std::uint32_t> columns, std::span<const cell> values,
                   std::span<const std::uint32_t> computed);
    /// The parameters of the UPDATE of one row. Returns the version that the row must have.
    cell bind_row(const node& n, std::span<const cell> values, const statement& s);
    void bind_constants(const statement& s);
    void bind_key(const node& n);
    std::int64_t execute(const mapper& m, const std::string& text, std::span<const std::uint32_t> columns);
    [[nodiscard]] static cell next_version(const cell& version) noexcept;
    [[nodiscard]] static std::vector<const column*> columns_of(const mapper& m,
                                                               std::span<const std::uint32_t> positions);

    // update_each.cpp
    [[nodiscard]] std::size_t most_rows_each(const mapper& m, std::span<const std::uint32_t> columns) const;
    /// False, and nothing was sent, when a value cannot be part of an array.
    [[nodiscard]] bool send_each(const mapper& m, std::size_t first, std::size_t rows);
    void bind_rows(const mapper& m, std::size_t first, std::size_t rows);
    /// Puts an array for each column into the place of rows. False when a value cannot be part of one.
    [[nodiscard]] bool bind_arrays(std::size_t rows);
    [[nodiscard]] const std::string& text_of_each(const mapper& m, std::size_t rows);

    // update_computed.cpp
    void add_computed(const mapper& m, statement& s, std::span<const std::uint32_t> computed);
    /// The answer to a statement that gives the keys of the rows that it found, and what SQL has made in them: the members get that.
    /// Throws: stale_data (row_gone, version_conflict).
    void check_returned(const mapper& m, const part& sent, const pending_answer& answer);
    /// `row` with what the members of these columns have.
    [[nodiscard]] static row_copy with_computed(const node& n, const row_copy& row,
                                                std::span<const std::uint32_t> computed);
    /// Where an UPDATE cannot return what SQL has made, one SELECT reads it for many objects.
    void read_later(const mapper& m, std::span<node* const> updated);
    void read_computed(const mapper& m);
    /// The columns of a new object whose insert_default is SQL and counts; they are taken out of what is to be written.
    [[nodiscard]] std::vector<std::uint32_t> leave_to_sql(const node& fresh);
    /// The UPDATE by which a new object takes a row over.
    [[nodiscard]] statement statement_over(const mapper& m, std::span<const std::uint32_t> computed);
    void read_for_new(node& fresh, const node& removed, std::span<const std::uint32_t> columns);

    session_core& session_;
    connection& connection_;
    key_changes keys_;
    std::map<std::tuple<const mapper*, std::vector<std::uint32_t>, std::vector<std::uint32_t>>, statement>
        statements_;
    statement* last_ = nullptr; // of statements_, with its class and columns
    const mapper* last_type_ = nullptr;
    std::vector<std::uint32_t> last_columns_;
    std::vector<std::uint32_t> last_computed_;
    std::unordered_set<const node*> fresh_;
    std::vector<node*> unread_; // updated, and SQL has made values that the members do not have yet
    change change_;             // of the object that is looked at
    std::shared_ptr<run> run_ = std::make_shared<run>();                    // not sent yet
    std::shared_ptr<scratch> memory_;                                       // of the values of both
    std::shared_ptr<sent_values> values_ = std::make_shared<sent_values>(); // of the last UPDATE
    std::vector<cell> row_;
};

} // namespace kin::detail
