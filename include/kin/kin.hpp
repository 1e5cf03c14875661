// SPDX-License-Identifier: MIT
#pragma once

/// What an application needs.

// From the ground up, so that the way to a header is short when a compiler names it in an error.
// clang-format off
#include "kin/base/config.hpp"          // IWYU pragma: export
#include "kin/base/error.hpp"           // IWYU pragma: export
#include "kin/base/codec.hpp"           // IWYU pragma: export
#include "kin/base/field.hpp"           // IWYU pragma: export
#include "kin/base/decimal.hpp"         // IWYU pragma: export
#include "kin/base/uuid.hpp"            // IWYU pragma: export
#include "kin/base/json.hpp"            // IWYU pragma: export
#include "kin/base/time_of_day.hpp"     // IWYU pragma: export
#include "kin/base/offset_time.hpp"     // IWYU pragma: export
#include "kin/sql/operators.hpp"        // IWYU pragma: export
#include "kin/sql/function.hpp"         // IWYU pragma: export
#include "kin/sql/json_element.hpp"     // IWYU pragma: export
#include "kin/sql/now.hpp"              // IWYU pragma: export
#include "kin/mapping/has_many.hpp"     // IWYU pragma: export
#include "kin/mapping/has_one.hpp"      // IWYU pragma: export
#include "kin/mapping/has_map.hpp"      // IWYU pragma: export
#include "kin/mapping/many_to_many.hpp" // IWYU pragma: export
#include "kin/mapping/view_many.hpp"    // IWYU pragma: export
#include "kin/mapping/belongs_to.hpp"   // IWYU pragma: export
#include "kin/mapping/attribute.hpp"    // IWYU pragma: export
#include "kin/mapping/tree.hpp"         // IWYU pragma: export
#include "kin/mapping/member_search.hpp"
#include "kin/mapping/checks.hpp"
#include "kin/mapping/describe.hpp"     // IWYU pragma: export
#include "kin/mapping/model.hpp"
#include "kin/mapping/make.hpp"         // IWYU pragma: export
#include "kin/orm/load_options.hpp"     // IWYU pragma: export
#include "kin/orm/query.hpp"            // IWYU pragma: export
#include "kin/orm/row_query.hpp"        // IWYU pragma: export
#include "kin/orm/session.hpp"          // IWYU pragma: export
#include "kin/orm/set_statement.hpp"    // IWYU pragma: export
#include "kin/app/database.hpp"         // IWYU pragma: export
// clang-format on
