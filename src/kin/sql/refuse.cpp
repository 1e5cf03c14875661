// SPDX-License-Identifier: MIT
#include "kin/sql/refuse.hpp"

#include <utility>

#include "kin/base/error.hpp"

namespace kin {

void refuse(std::string_view code, std::string message) {
    error_details details;
    details.code = std::string(code);
    details.message = std::move(message);
    throw compile_error(std::move(details));
}

} // namespace kin
