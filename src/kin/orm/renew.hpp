// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace kin::detail {

/// Makes it empty for the next statement: the same object again, unless a statement that was sent still needs it.
template <class T> void renew(std::shared_ptr<T>& shared) {
    if (shared == nullptr || shared.use_count() != 1) {
        shared = std::make_shared<T>();
    } else {
        shared->clear();
    }
}

} // namespace kin::detail
