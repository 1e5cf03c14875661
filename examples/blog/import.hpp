// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <kin/kin.hpp>

namespace blog {

/// Fills an empty database with the users, posts, tags and comments of a JSON file, in one transaction, and checks the numbers by raw SQL.
/// Throws: std::runtime_error when the file cannot be read or what is stored is not what it holds.
void import(const kin::database& database, const std::filesystem::path& file);

} // namespace blog
