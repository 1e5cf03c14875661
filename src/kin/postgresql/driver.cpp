// SPDX-License-Identifier: MIT
#include "kin/postgresql/driver.hpp"

#include <utility>

#include "kin/engine/driver.hpp"
#include "kin/engine/url.hpp"
#include "kin/engine/url_options.hpp"
#include "kin/postgresql/connection.hpp"
#include "kin/postgresql/dialect.hpp"
#include "kin/postgresql/inspector.hpp"
#include "kin/postgresql/options.hpp"

namespace kin::postgresql {

namespace {

class postgresql_driver final : public driver {
public:
    postgresql_driver(connect_options options, name_style names)
        : options_(std::move(options)),
          dialect_(names) {}

    [[nodiscard]] std::unique_ptr<driver_connection>
    connect(const kin::connect_options& options) const override {
        connect_options chosen = options_;
        chosen.connect_timeout_ms = options.timeout_ms;
        return std::make_unique<postgresql_connection>(chosen, dialect_);
    }
    [[nodiscard]] bool has_isolation_level(isolation_level) const noexcept override { return true; }
    [[nodiscard]] const dialect& get_dialect() const noexcept override { return dialect_; }
    [[nodiscard]] bool has_single_connection() const noexcept override { return false; }
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection& c) const override {
        return std::make_unique<postgresql_inspector>(c);
    }
    [[nodiscard]] std::string_view before_drop_all() const noexcept override { return {}; }

private:
    connect_options options_;
    postgresql_dialect dialect_;
};

} // namespace

std::unique_ptr<const driver> make_driver(const url& where) {
    static_cast<void>(library()); // to hear of a missing one now
    return std::make_unique<postgresql_driver>(read_options(where), read_name_style(where));
}

} // namespace kin::postgresql
