// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <kin/engine/url.hpp>

#include "../data.hpp"
#include "../digest.hpp"
#include "../workload.hpp"

/// What a program without an object-relational mapper reads rows into.
struct plain_post {
    int id;
    std::string title;
    std::string content;
    int user_id;
};

inline void add_post(digest& sum, const plain_post& p) {
    sum.add(p.id);
    sum.add(p.title);
    sum.add(p.content);
    sum.add(p.user_id);
}

inline constexpr std::size_t rows_per_insert = 1000; // as many as kin's

/// The work as a good program does it by hand on libpq and on libmariadb: prepared statements and binary values. "load", "get", "insert" (a row per
/// INSERT) and "insert-multi" (as many as kin) on the database at `where`.
[[nodiscard]] result run_libpq(std::string_view workload, std::int64_t n, const kin::url& where);
[[nodiscard]] result run_libmariadb(std::string_view workload, std::int64_t n, const kin::url& where);
