// SPDX-License-Identifier: MIT
#include "kin/schema/metadata.hpp"

#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "kin/base/error.hpp"
#include "kin/base/topological_sort.hpp"

namespace kin {

void metadata::add(const table& t) {
    for (const table* known : tables_) {
        if (known == &t) return;
        if (known->qualified() == t.qualified()) {
            error_details details;
            details.code = "duplicate_table";
            details.message =
                "two tables are named \"" + t.full_name() +
                "\"; give one of them another name, e.g. m.table(\"...\") in describe(), or another "
                "schema";
            details.table = t.name();
            throw mapping_error(std::move(details));
        }
    }
    tables_.push_back(&t);
}

std::vector<const table*> metadata::in_dependency_order() const {
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> positions; // by schema and name
    for (std::size_t i = 0; i < tables_.size(); ++i)
        positions.try_emplace({tables_[i]->schema(), tables_[i]->name()}, i);

    std::vector<std::pair<std::size_t, std::size_t>> edges;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        for (const foreign_key_constraint& key : tables_[i]->foreign_keys) {
            const auto target = positions.find({key.target_schema, key.target_table});
            if (target != positions.end() && target->second != i) edges.emplace_back(target->second, i);
        }
    }

    std::vector<const table*> result;
    result.reserve(tables_.size());
    for (const std::size_t i : topological_sort(tables_.size(), edges, nullptr)) result.push_back(tables_[i]);
    return result;
}

} // namespace kin
