// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace kin {

/// As what a database keeps the words of an enumeration.
enum class enum_storage : std::uint8_t {
    checked, // VARCHAR, and a CHECK that it is one of the words
    text,    // VARCHAR alone: an unknown word is found when it is read (conversion_error)
    native, // an enumerated type: CREATE TYPE ... AS ENUM on PostgreSQL, ENUM(...) on MariaDB; checked without feature::native_enums
};

/// How the values of the enumeration E are stored. Specialise it beside the enumeration, where every file that uses it sees it:
///
///     template <> inline constexpr kin::enum_storage kin::enum_stored_as<Status> = kin::enum_storage::native;
template <class E> inline constexpr enum_storage enum_stored_as = enum_storage::checked;

/// The name of its native type, where such types have names (feature::enum_types): static text, quoted by the dialect. Empty: the name of E
/// in snake_case, OrderStatus is order_status. It must be no table's name. Two enumerations with the same words may share one.
template <class E> inline constexpr std::string_view enum_type_name = {};

} // namespace kin
