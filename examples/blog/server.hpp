// SPDX-License-Identifier: MIT
#pragma once

#include <kin/kin.hpp>

namespace blog {

/// Serves the blog on 127.0.0.1 until Ctrl-C or SIGTERM. Takes the next free port when `port` is taken, and prints the URL once a
/// request would be answered. Throws: std::runtime_error when it cannot.
void serve(const kin::database& database, int port);

} // namespace blog
