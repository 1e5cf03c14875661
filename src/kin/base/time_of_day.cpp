// SPDX-License-Identifier: MIT
#include "kin/base/time_of_day.hpp"

#include "kin/base/error.hpp"
#include "kin/base/iso_time.hpp"

namespace kin {

void time_of_day::fail() {
    throw data_error({.code = "invalid_time",
                      .message = "a time of the day lies between 00:00:00 and 23:59:59.999999",
                      .sql = {}});
}

std::optional<time_of_day> time_of_day::parse(std::string_view text) noexcept {
    const std::optional<std::int64_t> read = detail::parse_time(text);
    if (!read) return {};
    return from_microseconds(*read);
}

std::string time_of_day::to_string() const {
    char text[detail::iso_time_size];
    return std::string(text, detail::format_time(since_midnight_, text));
}

} // namespace kin
