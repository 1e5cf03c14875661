// SPDX-License-Identifier: MIT
#pragma once

/// What an application needs.

#include "kin/app/database.hpp"       // IWYU pragma: export
#include "kin/base/codec.hpp"         // IWYU pragma: export
#include "kin/base/config.hpp"        // IWYU pragma: export
#include "kin/base/error.hpp"         // IWYU pragma: export
#include "kin/base/field.hpp"         // IWYU pragma: export
#include "kin/mapping/attribute.hpp"  // IWYU pragma: export
#include "kin/mapping/belongs_to.hpp" // IWYU pragma: export
#include "kin/mapping/describe.hpp"   // IWYU pragma: export
#include "kin/mapping/has_many.hpp"   // IWYU pragma: export
#include "kin/mapping/make.hpp"       // IWYU pragma: export
#include "kin/orm/load_options.hpp"   // IWYU pragma: export
#include "kin/orm/session.hpp"        // IWYU pragma: export
#include "kin/sql/function.hpp"       // IWYU pragma: export
