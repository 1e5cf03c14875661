// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <httplib.h>

#include "html.hpp"

namespace blog {

/// One page of a long list.
class pagination {
public:
    static constexpr std::int64_t per_page = 10;

    /// Takes the page from `?page=`; without one it is the first. Throws: http_error (404) when it is no number, or there is no such
    /// page.
    pagination(const httplib::Request& request, std::int64_t total);

    [[nodiscard]] std::int64_t page() const noexcept { return page_; }
    [[nodiscard]] std::int64_t pages() const noexcept { return pages_; }
    [[nodiscard]] std::int64_t total() const noexcept { return total_; }
    [[nodiscard]] std::uint64_t limit() const noexcept { return per_page; }
    [[nodiscard]] std::uint64_t offset() const noexcept {
        return static_cast<std::uint64_t>((page_ - 1) * per_page);
    }
    /// Links to the neighbours and a few other pages; nothing when there is one page only.
    [[nodiscard]] html links() const;

private:
    std::int64_t total_;
    std::int64_t pages_;
    std::int64_t page_ = 1;
};

} // namespace blog
