// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/base/codec.hpp"
#include "kin/base/scratch.hpp"

namespace kin {

/// A value that owns its content: a bound parameter of a statement, kept until the statement runs.
/// Made from anything that `codec` knows, so `{{"p", "J%"}, {"n", 5}, {"since", sys_days}}` binds by name.
class value {
public:
    value() noexcept = default; // NULL
    value(std::nullptr_t) noexcept {}
    /// Throws: data_error (value_out_of_range) when `v` has no place in any column, e.g. an unsigned 64-bit beyond 2^63-1.
    template <class T>
        requires(bindable<T> && !std::is_same_v<T, value>)
    value(const T& v) {
        cell c;
        scratch memory;
        if (!codec<T>::encode(v, encoder{c, memory})) fail_out_of_range();
        assign(c);
    }
    value(const char* text);
    value(std::string_view text);
    explicit value(const cell& c) { assign(c); }

    [[nodiscard]] bool is_null() const noexcept { return scalar_.is_null(); }
    [[nodiscard]] cell_kind kind() const noexcept { return scalar_.kind; }
    /// A view of the content. Lifetime: this value, unchanged.
    [[nodiscard]] cell view() const noexcept;
    [[nodiscard]] bool operator==(const value& other) const noexcept { return view().same_as(other.view()); }

private:
    void assign(const cell& c);
    [[noreturn]] static void fail_out_of_range();

    cell scalar_;
    std::string bytes_;
};

} // namespace kin
