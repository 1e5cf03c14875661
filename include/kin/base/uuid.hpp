// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional> // std::hash, for keys of unordered containers
#include <optional>
#include <string>
#include <string_view>

#include "kin/base/encoder.hpp"

namespace kin {

/// A universally unique identifier (RFC 9562): 16 bytes, compared in the order in which they are written. Default-made it is the
/// nil UUID, all zeros. A value.
class uuid {
public:
    static constexpr std::size_t size = 16;

    constexpr uuid() noexcept = default;
    /// Reads what parse() takes. Throws: data_error (invalid_uuid).
    explicit uuid(std::string_view text);
    /// From 16 bytes.
    [[nodiscard]] static uuid from_bytes(const void* sixteen_bytes) noexcept {
        uuid made;
        std::memcpy(made.bytes_, sixteen_bytes, size);
        return made;
    }
    /// Reads "0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e", in letters of either case, or the 32 digits alone. Nothing for any other text.
    [[nodiscard]] static std::optional<uuid> parse(std::string_view text) noexcept;

    /// 122 random bits from the operating system. For any thread; a forked process makes others. Throws: std::system_error when the
    /// system has no random numbers.
    [[nodiscard]] static uuid v4();
    /// The time in milliseconds and 62 random bits: made later, it compares as greater, so that new rows stand at the end of an index. One
    /// thread's are always ascending. Throws: as v4().
    [[nodiscard]] static uuid v7();

    /// 36 characters in lower case.
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] const unsigned char* bytes() const noexcept { return bytes_; }
    /// 4 for v4(), 7 for v7(), 0 for the nil UUID.
    [[nodiscard]] constexpr int version() const noexcept { return bytes_[6] >> 4; }
    [[nodiscard]] constexpr bool is_nil() const noexcept { return *this == uuid(); }

    [[nodiscard]] friend constexpr bool operator==(const uuid&, const uuid&) noexcept = default;
    [[nodiscard]] friend constexpr std::strong_ordering operator<=>(const uuid&,
                                                                    const uuid&) noexcept = default;

    /// For any stream the user has included: kin does not include <ostream>.
    template <class Stream>
        requires requires { typename Stream::char_type; }
    friend Stream& operator<<(Stream& stream, const uuid& id) {
        stream << id.to_string();
        return stream;
    }

private:
    unsigned char bytes_[size] = {};
};

/// Stored as the database's UUID, else as 16 bytes.
template <> struct codec<uuid> {
    static constexpr column_type type = {.kind = type_kind::uuid};
    static bool encode(const uuid& in, encoder to) noexcept {
        return to.uuid(reinterpret_cast<const char*>(in.bytes()));
    }
    /// Also takes 16 bytes and the text.
    static bool decode(uuid& out, const cell& from) noexcept;
};

} // namespace kin

template <> struct std::hash<kin::uuid> {
    std::size_t operator()(const kin::uuid& id) const noexcept {
        return std::hash<std::string_view>()({reinterpret_cast<const char*>(id.bytes()), kin::uuid::size});
    }
};
