// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/engine/connection.hpp"
#include "session_core.hpp"

namespace kin::detail {

/// INSERT of new objects: many rows in a statement as long as they leave the same columns to the database.
class insert_writer {
public:
    insert_writer(session_core& session, connection& c) : session_(session), connection_(c) {}

    /// Objects of one class, in the order of their rows.
    void write(const mapper& m, std::span<node* const> objects);

private:
    /// Which columns an INSERT names, and which the database makes and hands back.
    struct shape {
        std::vector<const column*> columns;
        std::vector<const column*> returned;
        [[nodiscard]] bool operator==(const shape&) const = default;
    };
    [[nodiscard]] static shape shape_of(const node& n);
    [[nodiscard]] static bool has_shape(const node& n, const shape& s);
    [[nodiscard]] bool must_ask_for_key(const shape& s) const;
    static void begin_version(node& n);
    void insert_batch(const mapper& m, const shape& s, std::span<node* const> objects);
    void write_text(const mapper& m, const shape& s, std::size_t rows, bool numbered);
    void take_numbers(const mapper& m, const shape& s, std::span<node* const> objects);
    [[noreturn]] void fail_returned(const mapper& m) const;
    void read_back(const mapper& m, const shape& s, std::span<node* const> objects, cursor& rows);

    session_core& session_;
    connection& connection_;
    std::vector<cell> parameters_;
    std::vector<cell> row_;
    scratch memory_;
    std::string text_; // of the last INSERT, with its shape and number of rows
    const mapper* text_type_ = nullptr;
    shape text_shape_;
    std::size_t text_rows_ = 0;
    bool text_numbered_ = false;
};

} // namespace kin::detail
