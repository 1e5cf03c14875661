// SPDX-License-Identifier: MIT
#include "kin/mariadb/mariadb.hpp"

#include "kin/mariadb/client.hpp"

namespace kin::mariadb {

bool is_available() noexcept {
    try {
        static_cast<void>(load_client());
        return true;
    } catch (...) {
        return false;
    }
}

std::string client_version() { return load_client().client_info(); }

} // namespace kin::mariadb
