// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace kin {

class mapper;
class object_context;

/// Where an object stands between program and database.
enum class object_state : std::uint8_t {
    transient,  // made, in no session
    pending,    // in a session, its row not written yet
    persistent, // in a session, has a row
    deleted,    // its DELETE was sent, the transaction is not over
    detached,   // has a row, its session is gone or let it go
};

namespace detail {

struct row_image;
struct peer_group;

/// What headers see of the pool that a graph of objects lives in.
struct pool_front {
    std::uint32_t edited = 0; // objects that had mutable access since a collection was read
};

/// The header in front of every mapped object. Objects live at a stable address until their pool dies.
/// A node alone (home == nullptr) owns itself; linked nodes share a pool, which dies as a whole when neither a ref from
/// outside nor a session holds it. Links between objects own nothing, so cycles cannot leak.
struct alignas(16) node {
    pool_front* home = nullptr;
    const mapper* type = nullptr;
    object_context* context = nullptr; // the session that the object is in; null: none
    row_image* image = nullptr;  // the row as the database has it, once the object may have been changed
    peer_group* peers = nullptr; // the objects that came with it in one result
    std::uint32_t refs = 0;      // refs from outside
    object_state state = object_state::transient;
    std::uint8_t flags = 0;
    std::uint16_t mark = 0; // free for one algorithm at a time; zero between them

    [[nodiscard]] void* object() noexcept { return this + 1; }
    [[nodiscard]] const void* object() const noexcept { return this + 1; }
    [[nodiscard]] static node* of(const void* object) noexcept {
        return static_cast<node*>(const_cast<void*>(object)) - 1;
    }
    [[nodiscard]] bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
    void set(std::uint8_t flag) noexcept { flags = static_cast<std::uint8_t>(flags | flag); }
    void unset(std::uint8_t flag) noexcept { flags = static_cast<std::uint8_t>(flags & ~flag); }
};
static_assert(sizeof(node) == 48, "objects follow their node; keep it a multiple of 16");

namespace node_flag {
inline constexpr std::uint8_t touched = 1;       // somebody had mutable access: a flush must compare
inline constexpr std::uint8_t inserted = 2;      // its INSERT belongs to the open transaction
inline constexpr std::uint8_t removing = 4;      // session.remove() was called, DELETE not sent yet
inline constexpr std::uint8_t key_made = 8;      // the database made its key in the open transaction
inline constexpr std::uint8_t orphan = 16;       // left a delete-orphan collection
inline constexpr std::uint8_t version_made = 32; // its INSERT in the open transaction gave it version 1
inline constexpr std::uint8_t edited = 64;       // had mutable access since a collection of its pool was read
inline constexpr std::uint8_t expired = 128;     // its columns are read again at the next access
} // namespace node_flag

/// Reads the columns of an expired object again. Throws: detached_instance, stale_data (row_gone), database_error.
[[gnu::cold]] void reload_expired(node& n);
/// Before the columns of an object are looked at.
inline void freshen(node& n) {
    if (n.has(node_flag::expired)) [[unlikely]]
        reload_expired(n);
}

/// Mutable access. The first one marks the object and lets its session take the image of the row; each one after a collection was read
/// lets the next reader look at the object's foreign keys again. An expired object is read again first.
void touch_slow(node& n);
inline void touch(node& n) {
    constexpr std::uint8_t noted = node_flag::touched | node_flag::edited;
    if ((n.flags & (noted | node_flag::expired)) != noted) [[unlikely]]
        touch_slow(n);
}
/// Marks the object and takes its image as touch() does, with the columns as the session knows them, be they expired or not.
void start_watching(node& n);
/// Lets collections follow the foreign keys that were set by hand.
void follow_edits(pool_front& home);

void acquire_first(node& n) noexcept; // refs went from 0 to 1
void release_last(node& n) noexcept;  // refs went from 1 to 0
inline void acquire(node& n) noexcept {
    if (n.refs++ == 0) acquire_first(n);
}
inline void release(node& n) noexcept {
    if (--n.refs == 0) release_last(n);
}

} // namespace detail
} // namespace kin
