// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kin::detail {

/// So that the next `more` push_back() do not fail. Grows by doubling, as they do.
template <class T> void make_room(std::vector<T>& list, std::size_t more = 1) {
    const std::size_t needed = list.size() + more;
    if (needed > list.capacity()) list.reserve(std::max({std::size_t{4}, needed, list.capacity() * 2}));
}

} // namespace kin::detail
