// SPDX-License-Identifier: MIT
#include "pagination.hpp"

#include <algorithm>

#include "page.hpp"
#include "text.hpp"

namespace blog {

pagination::pagination(const httplib::Request& request, std::int64_t total)
    : total_(total),
      pages_(std::max<std::int64_t>(1, (total + per_page - 1) / per_page)) {
    if (!request.has_param("page")) return;
    page_ = parse_number<std::int64_t>(request.get_param_value("page")).value_or(0);
    if (page_ < 1 || page_ > pages_) throw http_error{404, "There is no such page of this list."};
}

html pagination::links() const {
    if (pages_ == 1) return {};
    html result{"<nav class='pages' aria-label='Pages'>\n"};
    if (page_ > 1) result += {"<a class='step' rel='prev' href='?page=", page_ - 1, "'>Newer</a>\n"};
    result += {"<ol>\n"};
    std::int64_t shown = 0;
    for (const std::int64_t n : {std::int64_t{1}, page_ - 1, page_, page_ + 1, pages_}) {
        if (n <= shown || n > pages_) continue;
        if (n > shown + 1) result += {"<li aria-hidden='true'>…</li>\n"};
        shown = n;
        if (n == page_)
            result += {"<li><a aria-current='page' href='?page=", n, "'>", n, "</a></li>\n"};
        else
            result += {"<li><a href='?page=", n, "'>", n, "</a></li>\n"};
    }
    result += {"</ol>\n"};
    if (page_ < pages_) result += {"<a class='step' rel='next' href='?page=", page_ + 1, "'>Older</a>\n"};
    result += {"</nav>\n"};
    return result;
}

} // namespace blog
