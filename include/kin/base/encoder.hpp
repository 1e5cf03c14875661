// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>

#include "kin/base/cell.hpp"
#include "kin/base/scratch.hpp"
#include "kin/base/type.hpp"

namespace kin {

/// Where a codec writes: one cell, and memory for text that the encoded object does not own itself.
/// Every helper returns what `codec<T>::encode` has to return, so that a codec ends in `return to.integer(...)`.
/// Lifetime: lives for one call; the cell keeps pointing to `memory` or to the encoded object.
struct encoder {
    cell& out;
    scratch& memory;

    bool null() const noexcept { return put(cell()); }
    bool integer(std::int64_t v) const noexcept { return put(cell::of_integer(v)); }
    bool real(double v) const noexcept { return put(cell::of_real(v)); }
    bool boolean(bool v) const noexcept { return put(cell::of_integer(v ? 1 : 0, cell_kind::boolean)); }
    bool date(std::int64_t days) const noexcept { return put(cell::of_integer(days, cell_kind::date)); }
    bool timestamp(std::int64_t microseconds) const noexcept {
        return put(cell::of_integer(microseconds, cell_kind::timestamp));
    }
    /// Of the day: 0 to 86,399,999,999.
    bool time(std::int64_t microseconds) const noexcept {
        return put(cell::of_integer(microseconds, cell_kind::time));
    }
    /// Text that outlives the cell. False when it has 4 GiB or more.
    bool text(std::string_view v) const noexcept { return bytes(v, cell_kind::text); }
    /// Text that is about to go away: copied into `memory`. False when it has 4 GiB or more.
    bool copied_text(std::string_view v) const { return fits(v) && text(memory.copy(v)); }
    /// Bytes that outlive the cell. False when there are 4 GiB or more.
    bool blob(std::string_view v) const noexcept { return bytes(v, cell_kind::blob); }

    /// 16 bytes that outlive the cell.
    bool uuid(const char* sixteen_bytes) const noexcept {
        return put(cell::of_bytes({sixteen_bytes, 16}, cell_kind::uuid));
    }
    /// The shortest text of a number (see cell_kind::decimal), copied into `memory`.
    bool decimal(std::string_view v) const { return bytes(memory.copy(v), cell_kind::decimal); }
    /// One JSON value that outlives the cell. False when it has 4 GiB or more.
    bool json(std::string_view v) const noexcept { return bytes(v, cell_kind::json); }
    /// A JSON array of scalars (see kin/base/array_text.hpp), copied into `memory`. False when it has 4 GiB or more.
    bool array(std::string_view v) const { return fits(v) && bytes(memory.copy(v), cell_kind::array); }

private:
    static bool fits(std::string_view v) noexcept {
        return v.size() <= std::numeric_limits<std::uint32_t>::max();
    }
    bool put(const cell& c) const noexcept {
        out = c;
        return true;
    }
    bool bytes(std::string_view v, cell_kind kind) const noexcept {
        if (!fits(v)) return false;
        // An empty view may have no address, and drivers take "no address" for NULL.
        return put(cell::of_bytes(v.data() == nullptr ? std::string_view("") : v, kind));
    }
};

/// How a C++ type is stored. kin has codecs for the usual types; for a type of your own write
///
///     template <> struct kin::codec<Money> {
///         static constexpr kin::column_type type = {.kind = kin::type_kind::integer};
///         static bool encode(const Money& in, kin::encoder to) { return to.integer(in.cents); }
///         static bool decode(Money& out, const kin::cell& from) {
///             return kin::codec<std::int64_t>::decode(out.cents, from);
///         }
///     };
///
/// `encode` returns false when the object's value fits no column; `decode` when the stored value does not fit the type
/// (NULL included). `static constexpr bool nullable = true;` says that the type itself can be NULL.
template <class T> struct codec;

/// Has a codec that can write it: may be bound to a statement.
template <class T>
concept bindable = requires(const T& in, const encoder& to) {
    { codec<T>::encode(in, to) } -> std::same_as<bool>;
};

/// Has a codec that can write and read it: may be the member of a model. Never an error, whatever the type.
template <class T>
concept storable = bindable<T> && requires(T& out, const cell& from) {
    { codec<T>::type } -> std::convertible_to<column_type>;
    { codec<T>::decode(out, from) } -> std::same_as<bool>;
};

/// True for types that have NULL among their values, such as std::optional.
template <class T> inline constexpr bool is_nullable = false;
template <class T>
    requires requires { requires codec<T>::nullable; }
inline constexpr bool is_nullable<T> = true;

} // namespace kin
