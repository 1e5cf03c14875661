// SPDX-License-Identifier: MIT
// In the place of the wing where the header of libpq was not there when kin was built.
#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"
#include "kin/postgresql/driver.hpp"
#include "kin/postgresql/postgresql.hpp"

namespace kin::postgresql {

namespace {

[[noreturn]] void fail() {
    throw usage_error({.code = "wing_not_built",
                       .message = "kin was built without PostgreSQL; install libpq-dev and build kin again "
                                  "with KIN_POSTGRESQL=ON",
                       .sql = {}});
}

} // namespace

std::unique_ptr<const driver> make_driver(const url&) { fail(); }

bool is_built() noexcept { return false; }

int client_version() { fail(); }

} // namespace kin::postgresql
