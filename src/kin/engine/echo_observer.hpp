// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "kin/engine/events.hpp"

namespace kin {

/// Prints every statement to stderr, one line each, with its duration and the number of its parameters. Threads share it.
class echo_observer final : public statement_observer {
public:
    /// Colours are used when stderr is a terminal and NO_COLOR is not set.
    echo_observer();
    void executed(const statement_event& event) noexcept override;

private:
    bool coloured_;
};

/// The line that is printed, without a line end: `[kin 0.12 ms] SELECT ...  (2 parameters)`.
[[nodiscard]] std::string echo_line(const statement_event& event, bool coloured);

} // namespace kin
