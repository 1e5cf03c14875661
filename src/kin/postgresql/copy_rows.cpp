// SPDX-License-Identifier: MIT
#include "kin/postgresql/copy_rows.hpp"

#include <string_view>
#include <utility>

#include "kin/postgresql/network_order.hpp"
#include "kin/postgresql/numeric.hpp"
#include "kin/postgresql/parameters.hpp"
#include "kin/postgresql/types.hpp"

namespace kin::postgresql {

namespace {

constexpr std::string_view header("PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0", 19); // signature, flags, no extension
constexpr std::int16_t end = -1;
constexpr std::int32_t null = -1;
constexpr char jsonb_version = 1;

template <class Integer> void put(std::string& out, Integer v) {
    char bytes[sizeof v];
    write_integer(bytes, v);
    out.append(bytes, sizeof bytes);
}

void put_bytes(std::string& out, std::string_view bytes) {
    put(out, static_cast<std::int32_t>(bytes.size()));
    out.append(bytes);
}

/// A value that `parameters` would send as text.
bool put_text_form(std::string& out, const cell& c, std::uint32_t type) {
    if (type == jsonb_type) {
        put(out, static_cast<std::int32_t>(c.size + 1));
        out += jsonb_version;
        out.append(c.bytes());
        return true;
    }
    if (type != numeric_type || c.kind != cell_kind::decimal) return false;
    const std::string digits = numeric_of_text(c.bytes());
    if (digits.empty()) return false;
    put_bytes(out, digits);
    return true;
}

} // namespace

bool can_copy(std::uint32_t type) noexcept {
    switch (type) {
    case boolean_type:
    case bytea_type:
    case int8_type:
    case int2_type:
    case int4_type:
    case text_type:
    case varchar_type:
    case bpchar_type:
    case json_type:
    case jsonb_type:
    case float4_type:
    case float8_type:
    case date_type:
    case time_type:
    case timestamp_type:
    case timestamptz_type:
    case numeric_type:
    case uuid_type: return true;
    default: return false;
    }
}

std::optional<std::string> copy_rows(std::span<const cell> values, std::span<const std::uint32_t> types) {
    std::string out(header);
    parameters encoded;
    for (std::size_t first = 0; first < values.size(); first += types.size()) {
        const std::span<const cell> row = values.subspan(first, types.size());
        if (encoded.encode(row, types) != row.size()) return std::nullopt;
        put(out, static_cast<std::int16_t>(types.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (encoded.values()[i] == nullptr) {
                put(out, null);
            } else if (encoded.formats()[i] == 1) {
                put_bytes(out, {encoded.values()[i], static_cast<std::size_t>(encoded.lengths()[i])});
            } else if (!put_text_form(out, row[i], types[i])) {
                return std::nullopt;
            }
        }
    }
    put(out, end);
    return out;
}

} // namespace kin::postgresql
