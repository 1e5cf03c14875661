// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

/// The folder of the sources, for tests that read docs/ or examples/. Not a macro on the command line, so that a
/// compiler cache serves every clone.
std::filesystem::path source_dir();
