// SPDX-License-Identifier: MIT
#pragma once

#include "kin/engine/transaction_options.hpp"

namespace kin {

class driver;

/// Throws: usage_error (unsupported_isolation) when the database does not have the level, naming those that it has.
void require_level(const driver& d, isolation_level level);

} // namespace kin
