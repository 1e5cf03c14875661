// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace model {

enum class action : std::uint8_t {
    make,
    make_in_place, // remove one, and make another one with its unique value
    add,
    assign_target,
    push,
    insert,
    unassign,
    erase,
    move_and_remove, // the children to another parent, then the old one away
    set_key,
    unset_key,
    assign_collection,
    clear_collection,
    connect,
    disconnect,
    assign_links,
    set_label,
    set_label_and_back,
    set_code,
    take_code, // of another one, which keeps it
    swap_codes,
    rotate_codes,
    swap_numbers,
    touch,
    remove,
    stay,
    refresh,
    lose,
    read,
    query,
    get,
    count,
    contains,
    plan,
    has_changes,
    read_elsewhere,
    flush,
    commit,
    rollback,
    begin_savepoint,
    release_savepoint,
    roll_back_savepoint,
    reopen,
    end
};
inline constexpr std::size_t actions = static_cast<std::size_t>(action::end);

/// What to do, and numbers that choose among the objects that it could be done to. One that fits nothing does nothing, so that any part
/// of a sequence is a sequence again.
struct operation {
    action what = action::make;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    std::uint32_t fault = 0; // 0: all goes well; else what goes wrong meanwhile, and when
};

/// How a sequence is played.
struct setting {
    std::uint32_t classes = ~std::uint32_t{0}; // of which objects are made
    bool autoflush = true;
    bool checks_always = true; // else only now and then, so that a check mends nothing on its way
};

} // namespace model
