// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "kin/engine/connection.hpp"

namespace kin::detail {

/// Empty values for the next statement: the same ones again, unless a statement that was sent still needs them.
inline void renew(std::shared_ptr<sent_values>& values) {
    if (values == nullptr || values.use_count() != 1) {
        values = std::make_shared<sent_values>();
        return;
    }
    values->cells.clear();
    values->memory.clear();
}

} // namespace kin::detail
