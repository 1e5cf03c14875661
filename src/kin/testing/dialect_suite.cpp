// SPDX-License-Identifier: MIT
#include "kin/testing/dialect_suite.hpp"

#include <exception>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/create_engine.hpp"
#include "suite_check.hpp"

namespace kin::testing {

namespace {

std::vector<suite_group> groups() {
    return {schema_group(),       types_group(),  writing_group(), reading_group(),
            transactions_group(), errors_group(), limits_group()};
}

std::string name_of(const suite_group& group, const suite_check& check) {
    return std::string(group.name) + "." + std::string(check.name);
}

check_result run_one(const dialect_suite::engine_factory& make, std::string name, const suite_check& check) {
    check_result result{.name = std::move(name)};
    const engine made = make();
    try {
        suite_run run(made);
        check.run(run);
    } catch (const suite_failure& failure) {
        result.outcome = check_outcome::failed;
        result.reason = failure.reason;
    } catch (const suite_not_supported& answer) {
        result.outcome = check_outcome::not_supported;
        result.reason = answer.answer;
    } catch (const std::exception& e) {
        result.outcome = check_outcome::failed;
        result.reason = e.what();
    }
    return result;
}

} // namespace

void suite_run::need(feature f) const {
    if (!supports(f)) throw suite_not_supported{"feature::" + std::string(feature_name(f))};
}

dialect_suite::dialect_suite(std::string url)
    : make_([url = std::move(url)] { return create_engine(url); }) {}

std::vector<std::string> dialect_suite::names() {
    std::vector<std::string> all;
    for (const suite_group& group : groups()) {
        for (const suite_check& check : group.checks) all.push_back(name_of(group, check));
    }
    return all;
}

check_result dialect_suite::run(std::string_view name) const {
    for (const suite_group& group : groups()) {
        for (const suite_check& check : group.checks) {
            std::string full = name_of(group, check);
            if (full == name) return run_one(make_, std::move(full), check);
        }
    }
    throw usage_error({.code = "unknown_check",
                       .message = "the dialect suite has no check " + std::string(name) +
                                  "; dialect_suite::names() has them all",
                       .sql = {}});
}

std::vector<check_result> dialect_suite::run_all(std::string_view start) const {
    std::vector<check_result> all;
    for (const std::string& name : names()) {
        if (name.starts_with(start)) all.push_back(run(name));
    }
    return all;
}

std::string to_string(const check_result& result) {
    std::string text = result.outcome == check_outcome::passed   ? "passed "
                       : result.outcome == check_outcome::failed ? "failed "
                                                                 : "not supported ";
    text += result.name;
    if (!result.reason.empty()) text.append(": ").append(result.reason);
    return text;
}

std::string_view feature_name(feature f) noexcept {
    switch (f) {
    case feature::returning: return "returning";
    case feature::update_returning: return "update_returning";
    case feature::update_from: return "update_from";
    case feature::array_rows: return "array_rows";
    case feature::multi_row_insert: return "multi_row_insert";
    case feature::array_parameter: return "array_parameter";
    case feature::transactional_ddl: return "transactional_ddl";
    case feature::drop_constraint: return "drop_constraint";
    case feature::later_tables: return "later_tables";
    case feature::drop_together: return "drop_together";
    case feature::json_path: return "json_path";
    case feature::recursive_queries: return "recursive_queries";
    case feature::native_arrays: return "native_arrays";
    case feature::native_enums: return "native_enums";
    case feature::enum_types: return "enum_types";
    case feature::foreign_keys_at_end: return "foreign_keys_at_end";
    case feature::on_update_in_table: return "on_update_in_table";
    case feature::writes_newest_rows: return "writes_newest_rows";
    case feature::nul_in_text: return "nul_in_text";
    case feature::failed_statement_is_undone: return "failed_statement_is_undone";
    case feature::schemas: return "schemas";
    case feature::foreign_keys_across_schemas: return "foreign_keys_across_schemas";
    case feature::deferrable_keys: return "deferrable_keys";
    }
    return {};
}

std::vector<feature> all_features() {
    std::vector<feature> all;
    for (std::uint8_t i = 0; !feature_name(static_cast<feature>(i)).empty(); ++i)
        all.push_back(static_cast<feature>(i));
    return all;
}

} // namespace kin::testing
