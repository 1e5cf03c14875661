// SPDX-License-Identifier: MIT
#include "kin/base/uuid.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include <unistd.h>
#if __has_include(<sys/random.h>)
#include <sys/random.h> // getentropy, where <unistd.h> does not declare it
#endif

#include "kin/base/error.hpp"

namespace kin {

namespace {

constexpr char digits[] = "0123456789abcdef";

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// A hyphen stands before these bytes.
constexpr bool begins_group(std::size_t byte) noexcept {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

/// Random bytes of one thread, asked for in larger portions. A child of fork() has a copy and must not use it.
class random_source {
public:
    void fill(unsigned char* out, std::size_t size) {
        if (const pid_t self = getpid(); self != owner_) {
            used_ = sizeof bytes_;
            owner_ = self;
        }
        if (sizeof bytes_ - used_ < size) {
            if (getentropy(bytes_, sizeof bytes_) != 0)
                throw std::system_error(errno, std::generic_category(), "random numbers for a UUID");
            used_ = 0;
        }
        std::copy_n(bytes_ + used_, size, out);
        std::fill_n(bytes_ + used_, size, static_cast<unsigned char>(0));
        used_ += size;
    }

private:
    unsigned char bytes_[256];
    std::size_t used_ = sizeof bytes_;
    pid_t owner_ = 0;
};

void random_bytes(unsigned char* out, std::size_t size) {
    thread_local random_source source;
    source.fill(out, size);
}

/// Milliseconds since 1970 and, in the lowest twelve bits, 4096ths of one; never the same and never less than before.
std::uint64_t next_moment() {
    thread_local std::uint64_t last = 0;
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    constexpr std::int64_t millisecond = 1'000'000;
    const std::uint64_t moment = static_cast<std::uint64_t>(now / millisecond) << 12 |
                                 static_cast<std::uint64_t>(now % millisecond * 4096 / millisecond);
    last = std::max(moment, last + 1);
    return last;
}

uuid marked(unsigned char (&bytes)[uuid::size], unsigned version) {
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | version << 4);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
    return uuid::from_bytes(bytes);
}

} // namespace

uuid::uuid(std::string_view text) {
    const std::optional<uuid> read = parse(text);
    if (!read) {
        throw data_error({.code = "invalid_uuid",
                          .message = "a UUID has 32 hexadecimal digits, in groups of 8, 4, 4, 4 and 12; this "
                                     "text of " +
                                     std::to_string(text.size()) + " characters is none",
                          .sql = {}});
    }
    *this = *read;
}

std::optional<uuid> uuid::parse(std::string_view text) noexcept {
    constexpr std::size_t with_hyphens = 36;
    if (text.size() != with_hyphens && text.size() != 2 * size) return {};
    const bool hyphens = text.size() == with_hyphens;
    uuid read;
    const char* next = text.data();
    for (std::size_t i = 0; i < size; ++i) {
        if (hyphens && begins_group(i) && *next++ != '-') return {};
        const int high = digit_of(*next++);
        const int low = digit_of(*next++);
        if (high < 0 || low < 0) return {};
        read.bytes_[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return read;
}

uuid uuid::v4() {
    unsigned char bytes[size];
    random_bytes(bytes, size);
    return marked(bytes, 4);
}

uuid uuid::v7() {
    unsigned char bytes[size];
    const std::uint64_t moment = next_moment();
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(moment >> (52 - 8 * i));
    bytes[6] = static_cast<unsigned char>(moment >> 8 & 0x0FU);
    bytes[7] = static_cast<unsigned char>(moment);
    random_bytes(bytes + 8, 8);
    return marked(bytes, 7);
}

std::string uuid::to_string() const {
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < size; ++i) {
        if (begins_group(i)) text += '-';
        text += digits[bytes_[i] >> 4];
        text += digits[bytes_[i] & 0x0FU];
    }
    return text;
}

bool codec<uuid>::decode(uuid& out, const cell& from) noexcept {
    const std::string_view bytes = from.bytes();
    if (from.kind == cell_kind::text) {
        const std::optional<uuid> read = uuid::parse(bytes);
        if (read) out = *read;
        return read.has_value();
    }
    if ((from.kind != cell_kind::uuid && from.kind != cell_kind::blob) || bytes.size() != uuid::size)
        return false;
    out = uuid::from_bytes(bytes.data());
    return true;
}

} // namespace kin
