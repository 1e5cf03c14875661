// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace kin::postgresql {

/// The numbers of PostgreSQL's own types. They never change.
enum type_oid : std::uint32_t {
    any_type = 0, // the server finds out
    boolean_type = 16,
    bytea_type = 17,
    char_type = 18,
    name_type = 19,
    int8_type = 20,
    int2_type = 21,
    int4_type = 23,
    text_type = 25,
    oid_type = 26,
    json_type = 114,
    xml_type = 142,
    float4_type = 700,
    float8_type = 701,
    unknown_type = 705,
    bpchar_type = 1042,
    varchar_type = 1043,
    date_type = 1082,
    time_type = 1083,
    timestamp_type = 1114,
    timestamptz_type = 1184,
    numeric_type = 1700,
    uuid_type = 2950,
    jsonb_type = 3802,
};

/// Text whose binary form is its bytes.
[[nodiscard]] constexpr bool is_text(std::uint32_t oid) noexcept {
    return oid == text_type || oid == varchar_type || oid == bpchar_type || oid == name_type ||
           oid == char_type || oid == unknown_type || oid == xml_type;
}

} // namespace kin::postgresql
