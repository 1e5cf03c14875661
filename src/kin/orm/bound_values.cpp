// SPDX-License-Identifier: MIT
#include "bound_values.hpp"

#include <string>

#include "kin/base/error.hpp"
#include "kin/base/utf8.hpp"

namespace kin::detail {

std::vector<cell> views_of(const std::vector<value>& parameters) {
    std::vector<cell> cells;
    cells.reserve(parameters.size());
    for (const value& v : parameters) {
        cells.push_back(v.view());
        if (cells.back().kind == cell_kind::text && !is_valid_utf8(cells.back().bytes())) {
            throw data_error(
                {.code = "invalid_utf8",
                 .message = "parameter " + std::to_string(cells.size()) +
                            " is text that is not valid UTF-8; convert it, or give std::vector<std::byte>",
                 .sql = {}});
        }
    }
    return cells;
}

} // namespace kin::detail
