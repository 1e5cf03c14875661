// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include "text.hpp"

namespace blog {

std::int64_t id_in_path(const httplib::Request& request) {
    const auto id = parse_number<std::int64_t>(request.matches[1].str());
    if (!id) throw http_error{404, "There is no page at this address."};
    return *id;
}

std::chrono::sys_seconds current_time() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace blog
