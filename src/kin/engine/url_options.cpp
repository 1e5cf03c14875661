// SPDX-License-Identifier: MIT
#include "kin/engine/url_options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "kin/base/error.hpp"
#include "kin/engine/engine.hpp"
#include "kin/sql/dialect.hpp"

namespace kin {

namespace {

[[noreturn]] void fail(std::string_view name, std::string_view wanted) {
    throw usage_error(
        {.code = "bad_url",
         .message = "database URL, options: " + std::string(name) + " must be " + std::string(wanted),
         .sql = {}});
}

template <class Number> void read(std::string_view name, std::string_view text, Number& out) {
    const char* end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, out);
    if (fault != std::errc() || stop != end || out < 0) {
        fail(name, "a number from 0 to " + std::to_string(std::numeric_limits<Number>::max()));
    }
}

void read(std::string_view name, std::string_view text, bool& out) {
    const bool is_true = text == "1" || text == "true";
    if (!is_true && text != "0" && text != "false") fail(name, "one of true false 1 0");
    out = is_true;
}

void read(std::string_view name, std::string_view text, isolation_level& out) {
    constexpr std::pair<std::string_view, isolation_level> words[] = {
        {"read_uncommitted", isolation_level::read_uncommitted},
        {"read_committed", isolation_level::read_committed},
        {"repeatable_read", isolation_level::repeatable_read},
        {"serializable", isolation_level::serializable},
    };
    for (const auto& [word, level] : words) {
        if (word != text) continue;
        out = level;
        return;
    }
    fail(name, "one of read_uncommitted read_committed repeatable_read serializable");
}

constexpr std::string_view names_option = "names"; // for the dialect, which the driver makes

struct option {
    std::string_view name;
    void (*read)(std::string_view name, std::string_view text, engine_options& out);
};

template <auto Member> constexpr option option_of(std::string_view name) {
    return {name, [](std::string_view given, std::string_view text, engine_options& out) {
                read(given, text, out.*Member);
            }};
}

constexpr option options[] = {
    option_of<&engine_options::echo>("echo"),
    option_of<&engine_options::pool_size>("pool_size"),
    option_of<&engine_options::max_overflow>("max_overflow"),
    option_of<&engine_options::pool_timeout_ms>("pool_timeout_ms"),
    option_of<&engine_options::pool_recycle_ms>("pool_recycle_ms"),
    option_of<&engine_options::pool_trust_idle_ms>("pool_trust_idle_ms"),
    option_of<&engine_options::pool_long_hold_ms>("pool_long_hold_ms"),
    option_of<&engine_options::connect_timeout_ms>("connect_timeout_ms"),
    option_of<&engine_options::statement_timeout_ms>("statement_timeout_ms"),
    option_of<&engine_options::reset_on_return>("reset_on_return"),
    option_of<&engine_options::isolation>("isolation"),
};

} // namespace

bool is_engine_option(std::string_view name) noexcept {
    return name == names_option || std::any_of(std::begin(options), std::end(options),
                                               [&](const option& o) { return o.name == name; });
}

void append_engine_options(std::string& out) {
    for (const option& o : options) out.append(" ").append(o.name);
    out.append(" ").append(names_option);
}

void read_engine_options(const url& where, engine_options& out) {
    for (const option& o : options) {
        if (const std::string* given = where.find_option(o.name)) o.read(o.name, *given, out);
    }
}

name_style read_name_style(const url& where) {
    const std::string* given = where.find_option(names_option);
    if (given == nullptr || *given == "as_mapped") return name_style::as_mapped;
    if (*given == "snake_case") return name_style::snake_case;
    fail(names_option, "one of as_mapped snake_case");
}

} // namespace kin
