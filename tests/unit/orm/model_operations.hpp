// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace model_based {

/// One operation: what to do, and three numbers that choose among the items that it could be done to. An operation that
/// nothing fits does nothing, so that any part of a sequence is a sequence again.
struct operation {
    enum kind : std::uint8_t {
        make,
        add,
        link_by_child,
        link_by_parent,
        unlink_by_child,
        unlink_by_parent,
        key_by_hand,
        modify,
        modify_and_back,
        remove,
        read,
        clear,
        assign,
        flush,
        flush_with_failing_handler,
        commit,
        rollback,
        requery,
        reopen,
        expire,
        expire_all,
        refresh,
        merge,
        kinds
    };
    kind what = make;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::uint32_t c = 0;
};

inline std::vector<operation> random_operations(std::uint32_t seed, std::size_t count) {
    // How often each operation comes, in the order of operation::kind.
    static constexpr std::array weights{14, 6, 10, 10, 5, 5, 6, 8, 2, 5, 6, 2,
                                        3,  6, 2,  6,  5, 6, 2, 3, 1, 2, 3};
    static_assert(weights.size() == operation::kinds);
    std::mt19937 random(seed);
    std::discrete_distribution<int> choose(weights.begin(), weights.end());
    std::vector<operation> all(count);
    for (operation& o : all) {
        o.what = static_cast<operation::kind>(choose(random));
        o.a = static_cast<std::uint32_t>(random());
        o.b = static_cast<std::uint32_t>(random());
        o.c = static_cast<std::uint32_t>(random());
    }
    return all;
}

} // namespace model_based
