// SPDX-License-Identifier: MIT
#include "kin/create_engine.hpp"

#include <string>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/engine/engine_state.hpp"
#include "kin/engine/url_options.hpp"
#include "kin/mariadb/driver.hpp"
#include "kin/postgresql/driver.hpp"
#include "kin/sqlite/driver.hpp"

namespace kin {

namespace {

using driver_factory = std::unique_ptr<const driver> (*)(const url& where);

struct wing {
    std::string_view name;
    driver_factory make;
};

constexpr wing wings[] = {
    {"sqlite", sqlite::make_driver},       {"postgresql", postgresql::make_driver},
    {"postgres", postgresql::make_driver}, {"mariadb", mariadb::make_driver},
    {"mysql", mariadb::make_driver}, // one protocol, one client library
};

driver_factory find_factory(const url& where) {
    std::string known;
    for (const wing& w : wings) {
        if (w.name == where.dialect) return w.make;
        known.append(known.empty() ? "" : ", ").append(w.name);
    }
    throw usage_error({.code = "bad_url",
                       .message = "database URL, dialect: " + where.dialect +
                                  " is not one that kin was built with; there are: " + known,
                       .sql = {}});
}

} // namespace

engine create_engine(std::string_view text, const engine_options& options) {
    url where = url::parse(text);
    auto driver = find_factory(where)(where);
    engine_options chosen = options;
    read_engine_options(where, chosen);
    engine made = make_engine(std::move(where), chosen, std::move(driver));
    static_cast<void>(made.connect());
    return made;
}

} // namespace kin
