// SPDX-License-Identifier: MIT
#include "kin/sqlite/function.hpp"

#include <exception>
#include <new>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "kin/base/error.hpp"
#include "kin/base/iso_time.hpp"
#include "kin/engine/engine_state.hpp"
#include "kin/sqlite/connection.hpp"
#include "kin/sqlite/dialect.hpp"
#include "kin/sqlite/errors.hpp"
#include "kin/sqlite/statement.hpp"

namespace kin::sqlite {

namespace {

/// What SQLite keeps for a function on one connection.
struct registration {
    std::string name;
    std::shared_ptr<const detail::function_body> body;
};

[[noreturn]] void fail_argument(const registration& f, std::size_t position) {
    throw conversion_error({.code = "conversion_error",
                            .message = "argument " + std::to_string(position + 1) + " of " + f.name +
                                       "() does not fit the type of its parameter",
                            .sql = {}});
}

/// Hands a result to SQLite.
class context_sink final : public detail::result_sink {
public:
    explicit context_sink(sqlite3_context* context) : context_(context) {}
    void take(const cell& result) override {
        switch (result.kind) {
        case cell_kind::null: sqlite3_result_null(context_); break;
        case cell_kind::integer:
        case cell_kind::boolean: sqlite3_result_int64(context_, result.integer); break;
        case cell_kind::real: sqlite3_result_double(context_, result.real); break; // NaN becomes NULL
        case cell_kind::date: time(result.integer, kin::detail::format_date); break;
        case cell_kind::timestamp: time(result.integer, kin::detail::format_timestamp); break;
        case cell_kind::time: time(result.integer, kin::detail::format_time); break;
        case cell_kind::blob:
        case cell_kind::uuid: blob(result.bytes()); break;
        case cell_kind::text:
        case cell_kind::decimal:
        case cell_kind::json:
        case cell_kind::array: text(result.bytes()); break;
        }
    }

private:
    void time(std::int64_t value, std::size_t (*format)(std::int64_t, char*) noexcept) {
        char written[kin::detail::iso_time_size];
        const std::size_t size = format(value, written);
        if (size == 0) detail::fail_result();
        text({written, size});
    }
    void blob(std::string_view bytes) {
        // Nothing at an address that is null would be NULL.
        sqlite3_result_blob64(context_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    }
    void text(std::string_view bytes) {
        sqlite3_result_text64(context_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    }
    sqlite3_context* context_;
};

/// Reads the arguments. False when one is NULL that may not be: the result is NULL then, without a call.
bool read_arguments(const registration& f, sqlite3_value** values, std::vector<cell>& out) {
    const auto wanted = f.body->parameters();
    out.resize(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!read_value(values[i], wanted[i].kind, out[i])) fail_argument(f, i);
        if (out[i].is_null() && !wanted[i].nullable) return false;
    }
    return true;
}

/// Called by SQLite; nothing may be thrown through it.
void call(sqlite3_context* context, int, sqlite3_value** values) noexcept {
    const auto& f = *static_cast<const registration*>(sqlite3_user_data(context));
    try {
        std::vector<cell> arguments;
        if (!read_arguments(f, values, arguments)) return sqlite3_result_null(context);
        context_sink to(context);
        const std::size_t fitting = f.body->call(arguments.data(), to);
        if (fitting != arguments.size()) fail_argument(f, fitting);
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& e) {
        sqlite3_result_error(context, e.what(), -1);
    } catch (...) {
        sqlite3_result_error(context, "the function threw something that is no std::exception", -1);
    }
}

void install(sqlite3* db, const registration& f, const function_options& options) {
    int flags = SQLITE_UTF8;
    if (options.deterministic) flags |= SQLITE_DETERMINISTIC;
    flags |= options.in_schema ? SQLITE_INNOCUOUS : SQLITE_DIRECTONLY;
    const int count = static_cast<int>(f.body->parameters().size());
    auto kept = std::make_unique<registration>(f);
    // SQLite owns what it is given, also when it fails.
    const int rc =
        sqlite3_create_function_v2(db, f.name.c_str(), count, flags, kept.release(), call, nullptr, nullptr,
                                   [](void* own) { delete static_cast<registration*>(own); });
    if (rc != SQLITE_OK) fail(db, rc);
}

} // namespace

void detail::fail_result() {
    throw data_error({.code = "value_out_of_range",
                      .message = "the result of the function is a value that SQLite cannot hold",
                      .sql = {}});
}

void detail::add_function(const engine& e, std::string_view name, std::shared_ptr<const function_body> body,
                          const function_options& options) {
    if (dynamic_cast<const sqlite_dialect*>(&e.dialect()) == nullptr) {
        throw usage_error(
            {.code = "wrong_database",
             .message = "kin::sqlite::create_function is for engines of SQLite, and this one is of " +
                        std::string(e.dialect().name()),
             .sql = {}});
    }
    constexpr std::size_t longest_name = 255;
    if (name.empty() || name.size() > longest_name) {
        throw compile_error(
            {.code = "bad_identifier",
             .message = "the name of a function of SQLite has 1 to 255 bytes, and this one has " +
                        std::to_string(name.size()),
             .sql = {}});
    }
    const registration f{std::string(name), std::move(body)};
    e.internals().connections.add_driver_hook([f, options](driver_connection& c) {
        install(dynamic_cast<sqlite_connection&>(c).handle(), f, options);
    });
}

} // namespace kin::sqlite
