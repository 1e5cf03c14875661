// SPDX-License-Identifier: MIT
#pragma once

namespace kin {

/// How session::merge() finds its own objects.
struct merge_options {
    /// Ask the database about rows that the session does not know. Without it nothing is sent: the source is taken for what the
    /// database has.
    bool load = true;
};

} // namespace kin
