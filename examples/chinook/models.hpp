// SPDX-License-Identifier: MIT
#pragma once

/// The eleven tables of Chinook, the database of a music shop, under their own names: ten classes, and a table between two of them.

#include "music.hpp"    // IWYU pragma: export
#include "playlist.hpp" // IWYU pragma: export
#include "sales.hpp"    // IWYU pragma: export
