// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "kin/engine/engine.hpp"

namespace kin {

/// Makes an engine for a URL as SQLAlchemy writes it: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite:///:memory:`.
/// Opens one connection at once, so a missing directory or a file that is no database is told here.
/// Throws: usage_error (bad_url) naming the part; connection_error (cannot_open, not_a_database ...).
[[nodiscard]] engine create_engine(std::string_view url, const engine_options& options = {});

} // namespace kin
