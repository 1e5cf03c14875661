// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kin/engine/connection.hpp"

namespace kin {

/// A statement that was sent and whose answer nobody has looked at; or, without a text, a step that waits for the answers before it.
struct sent_statement {
    std::string sql;
    std::shared_ptr<const sent_values> values;
    std::function<void(const pending_answer&)> then;
    std::function<void()> step;
    std::int64_t started_ns = 0; // 0: nobody observes
};

/// What a lease has sent ahead, in order. For one thread.
class sent_statements {
public:
    /// How much may wait for its answer: more is answered first.
    static constexpr std::size_t most_bytes = 1'000'000;
    static constexpr std::size_t most_statements = 256;

    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
    /// Sends it. Throws: what an earlier one has failed with, before what this one fails with.
    void send(pooled_connection& lease, sent_statement one);
    void add_step(std::function<void()> step);
    /// Takes the answers. Called by what it calls, it does nothing. After an exception nothing is left.
    void settle(pooled_connection& lease);
    void drop(pooled_connection& lease) noexcept;

    bool allowed = false; // else statements run one by one

private:
    void answer(pooled_connection& lease, const sent_statement& one);

    std::vector<sent_statement> waiting_;
    std::size_t bytes_ = 0;
    bool settling_ = false;
};

} // namespace kin
