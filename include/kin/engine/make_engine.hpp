// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "kin/engine/engine.hpp"

namespace kin {

class driver;

/// An engine over any driver: what create_engine does once it has chosen one of kin's own, for drivers of others. `where` is what engine::url()
/// gives back; nothing of it is looked at. The echo is on by `options` or by KIN_ECHO=1.
/// Throws: usage_error (unsupported_isolation) for a level in `options` that the driver does not have; nothing of the database, it is not
/// opened yet.
[[nodiscard]] engine make_engine(url where, const engine_options& options, std::unique_ptr<const driver> d);

} // namespace kin
