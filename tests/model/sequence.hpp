// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/operation.hpp"
#include "model/stage.hpp"

namespace model {

/// A sequence of operations, and how it is played. The same seed gives the same one.
struct sequence {
    setting how;
    std::vector<operation> operations;
};
struct sequence_options {
    std::size_t length = 0; // 0: 50 to 70, now and then up to 500
    bool faults = false;
};
[[nodiscard]] sequence random_sequence(std::uint32_t seed, const sequence_options& options);

struct outcome {
    std::string failure;           // empty: all was as the model says
    std::vector<std::string> code; // what was done, as C++
    std::size_t operations = 0;
    std::size_t faults = 0;
    std::size_t expected_errors = 0;
};
[[nodiscard]] outcome play(stage& s, const sequence& whole);

/// Leaves out what can be left out as long as `fails` says that the rest still fails.
[[nodiscard]] sequence shortened(sequence whole, const std::function<bool(const sequence&)>& fails);

/// The body of a test that does the same.
[[nodiscard]] std::string as_test(const outcome& o, const std::string& name);

} // namespace model
