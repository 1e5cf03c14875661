// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "kin/mapping/mapper.hpp"

namespace kin {

/// Joins the mappers of classes that reach one another: foreign keys to tables, both sides of relationships; collects all
/// faults before it reports.
class mapper_configuration {
public:
    static void run(mapper& start);

private:
    void reach(const mapper& m);
    void join_foreign_keys(mapper& m);
    void ask_for_sql(mapper& m);
    [[nodiscard]] static const property* referenced_by(const property& p);
    [[nodiscard]] static std::vector<const property*> composite_key(const mapper& m, const mapper& target);
    void apply(mapper& m, const foreign_key_rule& rule);
    static void add_foreign_key(mapper& m, const std::vector<const property*>& members);
    static void make_unique(mapper& child, const relationship& r);
    void apply_on_delete(const relationship& r);
    void join_belongs_to(mapper& m, relationship& r);
    void join_referred_to(mapper& m, relationship& r);
    void check_write_only(const relationship& r);
    void check_options(const relationship& r);
    void fault(std::string text) { faults_.push_back(std::move(text)); }

    std::vector<mapper*> reached_;
    std::vector<std::string> faults_;
};

} // namespace kin
