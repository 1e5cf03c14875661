// SPDX-License-Identifier: MIT
#include "kin/mariadb/driver.hpp"

#include <utility>

#include "kin/engine/driver.hpp"
#include "kin/engine/url.hpp"
#include "kin/engine/url_options.hpp"
#include "kin/mariadb/connection.hpp"
#include "kin/mariadb/dialect.hpp"
#include "kin/mariadb/inspector.hpp"
#include "kin/mariadb/options.hpp"

namespace kin::mariadb {

namespace {

class mariadb_driver final : public driver {
public:
    mariadb_driver(open_options options, name_style names)
        : options_(std::move(options)),
          dialect_(names, options_.database) {}

    [[nodiscard]] std::unique_ptr<driver_connection> connect(const connect_options& options) const override {
        auto made = std::make_unique<mariadb_connection>(options_, options.timeout_ms, dialect_);
        dialect_.learn(made->facts());
        return made;
    }
    [[nodiscard]] bool has_isolation_level(isolation_level) const noexcept override { return true; }
    [[nodiscard]] const dialect& get_dialect() const noexcept override { return dialect_; }
    [[nodiscard]] bool has_single_connection() const noexcept override { return false; }
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection& c) const override {
        return std::make_unique<mariadb_inspector>(c);
    }
    [[nodiscard]] std::string_view before_drop_all() const noexcept override { return {}; }

private:
    open_options options_;
    mariadb_dialect dialect_;
};

} // namespace

std::unique_ptr<const driver> make_driver(const url& where) {
    return std::make_unique<mariadb_driver>(read_options(where), read_name_style(where));
}

} // namespace kin::mariadb
