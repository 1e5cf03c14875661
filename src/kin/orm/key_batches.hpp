// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/value.hpp"
#include "kin/sql/dialect.hpp"

namespace kin::detail {

/// The most values that one statement takes as placeholders.
inline constexpr std::size_t most_placeholders = 500;

/// Integer keys of one column as an array of the dialect.
[[nodiscard]] inline std::string array_of(const dialect& d, const std::vector<std::vector<value>>& keys) {
    const std::string_view brackets = d.array_brackets();
    std::string text(1, brackets.front());
    char number[24];
    for (const std::vector<value>& key : keys) {
        const auto end = std::to_chars(number, number + sizeof number, key.front().view().integer).ptr;
        if (text.size() > 1) text += ',';
        text.append(number, end);
    }
    return text += brackets.back();
}

/// Calls `send(number of keys, parameters)` with as few batches of `keys` as the dialect allows: `as_array` says that one array
/// takes all of them.
template <class F>
void for_each_batch(const dialect& d, const std::vector<std::vector<value>>& keys, bool as_array, F&& send) {
    if (keys.empty()) return;
    if (as_array) {
        const std::string text = array_of(d, keys);
        const cell parameter = cell::of_text(text);
        send(keys.size(), std::span<const cell>(&parameter, 1));
        return;
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
