// SPDX-License-Identifier: MIT
#include "kin/base/value.hpp"

#include "kin/base/error.hpp"

namespace kin {

namespace {

template <class Text> cell encoded(Text text) {
    cell c;
    scratch memory;
    if (codec<Text>::encode(text, encoder{c, memory})) return c;
    throw data_error(
        {.code = "value_out_of_range", .message = "a text of 4 GiB or more cannot be stored", .sql = {}});
}

} // namespace

value::value(const char* text) : value(encoded(text)) {}

value::value(std::string_view text) : value(encoded(text)) {}

cell value::view() const noexcept {
    return scalar_.is_bytes() ? cell::of_bytes(bytes_, scalar_.kind) : scalar_;
}

void value::assign(const cell& c) {
    if (c.is_bytes()) bytes_.assign(c.bytes());
    scalar_ = c;
    if (c.is_bytes()) scalar_.data = nullptr; // `bytes_` has the content, wherever it moves
}

void value::fail_out_of_range() {
    throw data_error({.code = "value_out_of_range",
                      .message =
                          "a value fits no column: an unsigned integer beyond 2^63-1, an enumeration's value "
                          "without a name, a date that does not exist, a time out of range, or 4 GiB of text",
                      .sql = {}});
}

} // namespace kin
