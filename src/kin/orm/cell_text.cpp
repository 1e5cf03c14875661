// SPDX-License-Identifier: MIT
#include "cell_text.hpp"

namespace kin::detail {

std::string_view kind_name(cell_kind kind) noexcept {
    switch (kind) {
    case cell_kind::null: return "NULL";
    case cell_kind::integer: return "an integer";
    case cell_kind::real: return "a floating-point number";
    case cell_kind::boolean: return "a boolean";
    case cell_kind::text: return "text";
    case cell_kind::blob: return "bytes";
    case cell_kind::date: return "a date";
    case cell_kind::timestamp: return "a timestamp";
    case cell_kind::time: return "a time of day";
    case cell_kind::uuid: return "a UUID";
    case cell_kind::decimal: return "a decimal";
    case cell_kind::json: return "JSON";
    case cell_kind::array: return "an array";
    }
    return "a value";
}

std::string shown(const cell& c) {
    constexpr std::size_t longest = 40;
    switch (c.kind) {
    case cell_kind::integer:
    case cell_kind::boolean:
    case cell_kind::date:
    case cell_kind::timestamp:
    case cell_kind::time: return std::to_string(c.integer);
    case cell_kind::real: return std::to_string(c.real);
    case cell_kind::text:
    case cell_kind::decimal:
    case cell_kind::json:
    case cell_kind::array: break;
    case cell_kind::null:
    case cell_kind::uuid:
    case cell_kind::blob: return std::string(kind_name(c.kind));
    }
    std::string out = "'";
    for (const char ch : c.bytes().substr(0, longest))
        out += static_cast<unsigned char>(ch) < 0x20 ? '?' : ch;
    return out + (c.bytes().size() > longest ? "...'" : "'");
}

} // namespace kin::detail
