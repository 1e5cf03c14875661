// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A post that is not in a database yet.
struct draft {
    std::string title;
    std::string content;
    int user_id;
};

/// `n` posts, shared out evenly among users 1 to `users`, in the order of the users. The same at every call.
[[nodiscard]] std::vector<draft> make_drafts(std::int64_t n, std::int64_t users);
/// Other titles for `n` posts.
[[nodiscard]] std::vector<std::string> make_titles(std::int64_t n);
/// The numbers 1 to `last` in an order that jumps about, cut off after `n`.
[[nodiscard]] std::vector<int> scattered_ids(std::int64_t n, std::int64_t last);
/// Makes the database that `workload` wants at size `n`, in place of what `file` was.
void make_database(std::string_view workload, std::int64_t n, const std::string& file);
