// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/engine/connection.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// INSERT of new objects: many rows in a statement as long as they leave the same columns to the database. Where the connection sends ahead, the objects
/// get what the database has made once the connection is settled; until then they must stay as they are.
class insert_writer {
public:
    insert_writer(session_core& session, connection& c) : session_(session), connection_(c) {}

    /// Objects of one class, in the order of their rows.
    void write(const mapper& m, std::span<node* const> objects);

private:
    /// Which columns an INSERT names, which it makes by SQL, and which the database makes and hands back: those too.
    struct shape {
        std::vector<const column*> columns;
        std::vector<const column*> computed;
        std::vector<const column*> returned;
        [[nodiscard]] bool operator==(const shape&) const = default;
    };
    [[nodiscard]] static shape shape_of(const node& n);
    [[nodiscard]] static bool has_shape(const node& n, const shape& s);
    [[nodiscard]] bool must_ask_for_key(const shape& s) const;
    static void begin_version(node& n);
    [[nodiscard]] std::size_t copy(const mapper& m, const shape& s, std::span<node* const> objects);
    void encode(const mapper& m, const shape& s, std::span<node* const> objects);
    void begin_shape(const mapper& m, const shape& s);
    void note_made(const mapper& m, const shape& s, std::span<node* const> objects);
    void note_inserted(std::span<node* const> objects);
    void insert_batch(const mapper& m, const shape& s, std::span<node* const> objects);
    void write_text(const mapper& m, const shape& s, std::size_t rows, bool numbered);
    void take_numbers(const mapper& m, const shape& s, std::span<node* const> objects);
    void accept(const mapper& m, const shape& s, std::span<node* const> objects, bool numbered,
                const pending_answer& answer);
    [[noreturn]] static void fail_returned(const mapper& m, std::string_view sql);
    static void read_back(const mapper& m, const shape& s, std::span<node* const> objects, cursor& rows,
                          std::string_view sql);

    session_core& session_;
    connection& connection_;
    std::shared_ptr<sent_values> values_; // of the last INSERT
    std::vector<cell> row_;
    std::vector<assignment> computed_; // of the shape that is written
    std::vector<value> constants_;     // ... the values in its SQL, which each row has
    std::string text_;                 // of the last INSERT, with its shape and number of rows
    const mapper* text_type_ = nullptr;
    shape text_shape_;
    std::size_t text_rows_ = 0;
    bool text_numbered_ = false;
};

} // namespace kin::detail
