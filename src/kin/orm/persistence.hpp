// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kin/base/scratch.hpp"
#include "kin/engine/connection.hpp"
#include "kin/mapping/row_image.hpp"
#include "session_core.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

/// Carries a flush plan out: states become INSERT, UPDATE and DELETE.
class persistence {
public:
    persistence(session_core& session, connection& c) : session_(session), connection_(c) {}

    void insert(const flush_plan::step& group);
    void update(node& n);
    /// The new object `n` takes over a row that is now `before`: UPDATE of what differs.
    void write_over(node& n, const row_copy& before);
    void remove(const flush_plan::step& group);

private:
    /// Which columns an INSERT names, and which the database makes and hands back.
    struct shape {
        std::vector<const column*> columns;
        std::vector<const column*> returned;
        [[nodiscard]] bool operator==(const shape&) const = default;
    };
    [[nodiscard]] static shape shape_of(const node& n);
    [[nodiscard]] static bool has_shape(const node& n, const shape& s);
    static void take_keys(node& n);
    void insert_batch(const mapper& m, const shape& s, std::span<node* const> objects);
    void write_text(const mapper& m, const shape& s, std::size_t rows, bool numbered);
    void take_numbers(const mapper& m, const shape& s, std::span<node* const> objects);
    [[noreturn]] void fail_returned(const mapper& m) const;
    void read_back(const mapper& m, const shape& s, std::span<node* const> objects, cursor& rows);
    static void check_text(const mapper& m, const property& p, const cell& c);

    session_core& session_;
    connection& connection_;
    std::vector<cell> parameters_;
    std::vector<cell> row_;
    scratch memory_;
    std::string update_text_; // of the last UPDATE, with its class and columns
    const mapper* update_type_ = nullptr;
    std::vector<const column*> update_set_;
    std::string text_; // of the last INSERT, with its shape and number of rows
    const mapper* text_type_ = nullptr;
    shape text_shape_;
    std::size_t text_rows_ = 0;
    bool text_numbered_ = false;
};

} // namespace kin::detail
