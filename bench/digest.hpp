// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

/// A checksum over numbers and texts, in order (FNV-1a).
class digest {
public:
    void add(std::int64_t number) {
        for (int shift = 0; shift < 64; shift += 8) add_byte(static_cast<unsigned char>(number >> shift));
    }
    void add(std::string_view text) {
        for (const char c : text) add_byte(static_cast<unsigned char>(c));
        add(static_cast<std::int64_t>(text.size()));
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
    std::uint64_t value_ = 0xCBF29CE484222325;
};
