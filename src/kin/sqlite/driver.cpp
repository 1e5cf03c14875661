// SPDX-License-Identifier: MIT
#include "kin/sqlite/driver.hpp"

#include <utility>

#include "kin/engine/driver.hpp"
#include "kin/engine/url.hpp"
#include "kin/engine/url_options.hpp"
#include "kin/sqlite/connection.hpp"
#include "kin/sqlite/dialect.hpp"
#include "kin/sqlite/inspector.hpp"
#include "kin/sqlite/options.hpp"

namespace kin::sqlite {

namespace {

class sqlite_driver final : public driver {
public:
    sqlite_driver(open_options options, name_style names)
        : options_(std::move(options)),
          dialect_(options_.makes_strict_tables, names) {}

    [[nodiscard]] std::unique_ptr<driver_connection> connect(const connect_options&) const override {
        return std::make_unique<sqlite_connection>(options_); // waits for locks only, see busy_timeout_ms
    }
    [[nodiscard]] bool has_isolation_level(isolation_level level) const noexcept override {
        return level == isolation_level::serializable;
    }
    [[nodiscard]] const dialect& get_dialect() const noexcept override { return dialect_; }
    [[nodiscard]] bool has_single_connection() const noexcept override { return options_.is_in_memory(); }
    [[nodiscard]] std::unique_ptr<inspector> inspect(connection& c) const override {
        return std::make_unique<sqlite_inspector>(c);
    }
    [[nodiscard]] std::string_view before_drop_all() const noexcept override {
        return "PRAGMA defer_foreign_keys = ON";
    }

private:
    open_options options_;
    sqlite_dialect dialect_;
};

} // namespace

std::unique_ptr<const driver> make_driver(const url& where) {
    return std::make_unique<sqlite_driver>(read_options(where), read_name_style(where));
}

} // namespace kin::sqlite
