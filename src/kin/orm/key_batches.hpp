// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::detail {

/// The most values that one statement takes as placeholders.
inline constexpr std::size_t most_placeholders = 500;

/// Instead of a number of keys: all of them are in one array, which is the only parameter.
inline constexpr std::size_t in_one_array = 0;

/// Keys of one column as an array of the dialect; nothing when one of them cannot be part of it.
[[nodiscard]] inline std::optional<std::string> array_of(const dialect& d,
                                                         const std::vector<std::vector<value>>& keys) {
    std::vector<cell> cells;
    cells.reserve(keys.size());
    for (const std::vector<value>& key : keys) cells.push_back(key.front().view());
    return d.array_text(cells);
}

/// Calls `send(number of keys, parameters)` with as few batches of `keys` as the dialect allows: `as_array` says that one array
/// may take all of them.
template <class F>
void for_each_batch(const dialect& d, const std::vector<std::vector<value>>& keys, bool as_array, F&& send) {
    if (keys.empty()) return;
    if (as_array) {
        if (const std::optional<std::string> text = array_of(d, keys)) {
            const cell parameter = cell::of_text(*text);
            send(in_one_array, std::span<const cell>(&parameter, 1));
            return;
        }
    }
    const std::size_t most = std::max<std::size_t>(1, most_placeholders / keys.front().size());
    std::vector<cell> parameters;
    for (std::size_t first = 0; first < keys.size(); first += most) {
        const std::size_t count = std::min(most, keys.size() - first);
        parameters.clear();
        for (std::size_t i = first; i < first + count; ++i) {
            for (const value& v : keys[i]) parameters.push_back(v.view());
        }
        send(count, std::span<const cell>(parameters));
    }
}

} // namespace kin::detail
