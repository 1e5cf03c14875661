// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kin::detail {

/// For one more element, so that the next push_back() does not fail. Grows by doubling, as push_back() does.
template <class T> void make_room(std::vector<T>& list) {
    if (list.size() == list.capacity()) list.reserve(std::max<std::size_t>(4, list.size() * 2));
}

} // namespace kin::detail
