// SPDX-License-Identifier: MIT
#pragma once

#include "kin/schema/metadata.hpp"
#include "support/raw_database.hpp"

namespace kin::testing {

/// `found` with "new 1", "new 2" ... in place of the keys that the database has made since `before`, in their order, and of the foreign keys that
/// refer to them. A server gives no key twice, also when a transaction was rolled back, so two runs of one story are the same only then.
[[nodiscard]] raw_database::content
with_new_keys_named(raw_database::content found, const raw_database::content& before, const metadata& tables);

} // namespace kin::testing
