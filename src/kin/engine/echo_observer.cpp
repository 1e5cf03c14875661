// SPDX-License-Identifier: MIT
#include "kin/engine/echo_observer.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "kin/base/error.hpp"

namespace kin {

namespace {

void append_on_one_line(std::string& out, std::string_view sql) {
    bool in_space = false;
    for (const char c : sql) {
        const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!space) out += c;
        if (space && !in_space) out += ' ';
        in_space = space;
    }
}

std::string_view colour_of(const statement_event& event) {
    if (event.failure != nullptr) return "\x1b[31m";
    return event.transaction_control ? "\x1b[2m" : "\x1b[36m";
}

} // namespace

std::string echo_line(const statement_event& event, bool coloured) {
    char head[48];
    std::snprintf(head, sizeof head, "[kin %.2f ms] ", static_cast<double>(event.duration_ns) / 1e6);
    std::string line = head;
    if (coloured) line += colour_of(event);
    append_on_one_line(line, event.sql);
    if (coloured) line += "\x1b[0m";
    if (const auto n = event.parameters.size(); n != 0) {
        line.append("  (").append(std::to_string(n)).append(n == 1 ? " parameter)" : " parameters)");
    }
    if (event.failure != nullptr) line.append("  failed: ").append(event.failure->code());
    return line;
}

echo_observer::echo_observer()
    : coloured_(isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {}

void echo_observer::executed(const statement_event& event) noexcept {
    try {
        std::string line = echo_line(event, coloured_);
        line += '\n';
        std::fwrite(line.data(), 1, line.size(), stderr); // one call: lines of different threads do not mix
    } catch (const std::bad_alloc&) {
        std::fputs("[kin] (no memory to print a statement)\n", stderr);
    }
}

} // namespace kin
