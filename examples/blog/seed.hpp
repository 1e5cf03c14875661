// SPDX-License-Identifier: MIT
#pragma once

#include <kin/kin.hpp>

namespace blog {

/// Fills an empty database with 200 users, 2,000 posts with tags and 8,000 comments, many of them replies, the same every time, in one
/// transaction. Shows on a terminal how far it is.
void seed(const kin::database& database);

} // namespace blog
