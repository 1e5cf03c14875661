// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "kin/base/type.hpp"

// PostgreSQL's binary forms, written down a second time from its manual and sources for the property test of the types: what kin's wing
// writes is read with these, and the other way around. Values are texts as trip_database has them.

namespace kin::testing {

/// The value that the bytes of a column of this type (by its number) stand for. Throws: std::runtime_error for a type that it does not know.
[[nodiscard]] std::string text_of_binary(unsigned postgresql_type, std::string_view bytes, type_kind kind);

/// A value in binary form, for the parameter's type `postgresql_type`.
[[nodiscard]] std::string binary_of_text(unsigned postgresql_type, const std::string& value);

/// The number of the type of the columns that kin makes for `type`.
[[nodiscard]] unsigned postgresql_type_of(const column_type& type);

} // namespace kin::testing
