// SPDX-License-Identifier: MIT
#include "kin/engine/error_completion.hpp"

#include <algorithm>
#include <typeinfo>
#include <utility>

#include "kin/base/error.hpp"

namespace kin {

namespace {

constexpr std::size_t shown_parameters = 20;

struct error_class {
    const std::type_info* type;
    void (*raise)(error_details&& details);
};

template <class Error> constexpr error_class class_of() {
    return {&typeid(Error), [](error_details&& details) { throw Error(std::move(details)); }};
}

const error_class database_errors[] = {
    class_of<database_error>(),         class_of<connection_error>(),  class_of<transaction_rollback>(),
    class_of<serialization_failure>(),  class_of<deadlock>(),          class_of<lock_timeout>(),
    class_of<constraint_violation>(),   class_of<unique_violation>(),  class_of<foreign_key_violation>(),
    class_of<not_null_violation>(),     class_of<check_violation>(),   class_of<data_error>(),
    class_of<statement_error>(),        class_of<statement_timeout>(), class_of<statement_cancelled>(),
    class_of<commit_outcome_unknown>(),
};

std::string redact(const cell& c) {
    switch (c.kind) {
    case cell_kind::null: return "null";
    case cell_kind::integer: return "integer";
    case cell_kind::real: return "real";
    case cell_kind::boolean: return "boolean";
    case cell_kind::date: return "date";
    case cell_kind::timestamp: return "timestamp";
    case cell_kind::time: return "time";
    case cell_kind::uuid: return "uuid";
    case cell_kind::decimal: return "decimal";
    case cell_kind::json: return "json(" + std::to_string(c.size) + ")";
    case cell_kind::array: return "array(" + std::to_string(c.size) + ")";
    case cell_kind::text: return "text(" + std::to_string(c.size) + ")";
    case cell_kind::blob: break;
    }
    return "blob(" + std::to_string(c.size) + ")";
}

} // namespace

std::vector<std::string> redact(std::span<const cell> parameters) {
    std::vector<std::string> out;
    const std::size_t shown = std::min(parameters.size(), shown_parameters);
    out.reserve(shown + 1);
    for (const cell& c : parameters.first(shown)) out.push_back(redact(c));
    if (shown < parameters.size())
        out.push_back("and " + std::to_string(parameters.size() - shown) + " more");
    return out;
}

void rethrow_completed(const error& e, std::string_view sql, std::span<const cell> parameters) {
    if (!e.sql().empty()) throw;
    for (const error_class& known : database_errors) {
        if (*known.type != typeid(e)) continue;
        error_details details = e.details();
        details.sql = sql;
        details.parameters = redact(parameters);
        known.raise(std::move(details));
    }
    throw;
}

} // namespace kin
