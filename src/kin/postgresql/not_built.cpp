// SPDX-License-Identifier: MIT
// In the place of the wing where the header of libpq was not there when kin was built.
#include "kin/base/error.hpp"
#include "kin/engine/driver.hpp"
#include "kin/postgresql/advisory_lock.hpp"
#include "kin/postgresql/driver.hpp"
#include "kin/postgresql/listener.hpp"
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

void detail::require_postgresql(const engine&, std::string_view) { fail(); }

struct listener::parts {};
listener::listener(const engine&, std::source_location) { fail(); }
listener::listener(listener&&) noexcept = default;
listener& listener::operator=(listener&&) noexcept = default;
listener::~listener() = default;
void listener::listen(std::string_view) { fail(); }
void listener::unlisten(std::string_view) { fail(); }
std::optional<notification> listener::wait(std::int64_t) { fail(); }

struct advisory_lock::parts {};
advisory_lock::advisory_lock(const engine&, lock_key, std::int64_t, std::source_location) { fail(); }
std::optional<advisory_lock> advisory_lock::try_lock(const engine&, lock_key, std::source_location) {
    fail();
}
advisory_lock::advisory_lock(advisory_lock&&) noexcept = default;
advisory_lock& advisory_lock::operator=(advisory_lock&&) noexcept = default;
advisory_lock::~advisory_lock() = default;
bool advisory_lock::is_held() noexcept { return false; }

} // namespace kin::postgresql
