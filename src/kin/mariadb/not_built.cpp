// SPDX-License-Identifier: MIT
// In the place of the wing where kin is built without libmariadb's header.
#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"
#include "kin/mariadb/driver.hpp"
#include "kin/mariadb/mariadb.hpp"

namespace kin::mariadb {

namespace {

[[noreturn]] void fail_not_built() {
    throw usage_error({.code = "wing_not_built",
                       .message =
                           "kin was built without MariaDB, for the header of its client library was missing; "
                           "install libmariadb-dev and build kin again with KIN_MARIADB=ON",
                       .sql = {}});
}

} // namespace

std::unique_ptr<const driver> make_driver(const url&) { fail_not_built(); }

bool is_available() noexcept { return false; }

std::string client_version() { fail_not_built(); }

} // namespace kin::mariadb
