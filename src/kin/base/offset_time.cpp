// SPDX-License-Identifier: MIT
#include "kin/base/offset_time.hpp"

#include <cstdlib>

#include "kin/base/error.hpp"
#include "kin/base/iso_time.hpp"

namespace kin {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::size_t offset_size = 6; // +02:00
constexpr std::size_t utc_size = detail::iso_time_size + 1;

/// Six characters.
void append_offset(std::string& out, int minutes) {
    const int size = std::abs(minutes);
    out += minutes < 0 ? '-' : '+';
    out += static_cast<char>('0' + size / 600);
    out += static_cast<char>('0' + size / 60 % 10);
    out += ':';
    out += static_cast<char>('0' + size % 60 / 10);
    out += static_cast<char>('0' + size % 10);
}

/// +HH:MM, or Z. Takes it from the end of `text`.
std::optional<int> take_offset(std::string_view& text) noexcept {
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
        return 0;
    }
    if (text.size() < offset_size) return {};
    const std::string_view offset = text.substr(text.size() - offset_size);
    const std::optional<std::int64_t> size = detail::parse_time(offset.substr(1));
    if (!size || (offset[0] != '+' && offset[0] != '-')) return {};
    text.remove_suffix(offset_size);
    const int minutes = static_cast<int>(*size / minute);
    return offset[0] == '-' ? -minutes : minutes;
}

/// What encode() writes: UTC, Z, offset.
std::optional<offset_time> parse_stored(std::string_view text) noexcept {
    if (text.size() != utc_size + offset_size || text[utc_size - 1] != 'Z') return {};
    const std::optional<std::int64_t> utc = detail::parse_timestamp(text.substr(0, utc_size));
    std::string_view rest = text.substr(utc_size);
    const std::optional<int> offset = take_offset(rest);
    if (!utc || !offset) return {};
    return offset_time::from_microseconds(*utc, *offset);
}

} // namespace

void offset_time::fail() {
    throw data_error({.code = "invalid_time",
                      .message =
                          "an offset from UTC is less than a day, and the instant must be countable in "
                          "microseconds of 64 bits",
                      .sql = {}});
}

std::optional<offset_time> offset_time::parse(std::string_view text) noexcept {
    const std::optional<int> offset = take_offset(text);
    if (!offset || text.find_first_of(" T") == std::string_view::npos || text.ends_with('Z')) return {};
    const std::optional<std::int64_t> shown = detail::parse_timestamp(text);
    if (!shown) return {};
    return from_microseconds(*shown - *offset * minute, *offset);
}

std::string offset_time::to_string() const {
    char text[detail::iso_time_size];
    std::int64_t shown = 0;
    if (__builtin_add_overflow(utc_, offset_minutes_ * minute, &shown)) return {};
    const std::size_t size = detail::format_timestamp(shown, text);
    if (size == 0) return {};
    std::string out(text, size);
    out[out.find(' ')] = 'T';
    append_offset(out, offset_minutes_);
    return out;
}

bool codec<offset_time>::encode(const offset_time& in, encoder to) {
    char text[detail::iso_time_size];
    const std::size_t size = detail::format_timestamp(in.utc_microseconds(), text);
    if (size == 0) return false;
    std::string stored(text, size);
    if (size != detail::iso_time_size)
        stored += ".000000"; // of one length, so that texts compare as times do
    stored += 'Z';
    append_offset(stored, in.offset_minutes());
    return to.copied_text(stored);
}

bool codec<offset_time>::decode(offset_time& out, const cell& from) noexcept {
    if (from.kind != cell_kind::text) return false;
    std::optional<offset_time> read = parse_stored(from.bytes());
    if (!read) read = offset_time::parse(from.bytes());
    if (read) out = *read;
    return read.has_value();
}

} // namespace kin
