// SPDX-License-Identifier: MIT
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "support/fault_story.hpp"

// Trees that are asked for and loaded while everything fails at each place once: see support/fault_story.hpp.

namespace tree_fault_models {

struct Branch {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Branch::id>> parent_id;
    kin::belongs_to<Branch> parent;
    kin::has_many<Branch> branches;
};

} // namespace tree_fault_models

namespace {

using tree_fault_models::Branch;

TEST(fault_injection, trees_that_are_asked_for_and_loaded) {
    kin::testing::survive_every_fault<Branch>({
        .rows =
            R"(INSERT INTO branch VALUES (1, 'a trunk with a long name', NULL), (2, 'a branch with a long name', 1),
                                             (3, 'another branch with a long name', 1), (4, 'a twig with a long name', 2);)",
        .play =
            [](kin::session& s) {
                auto trunk = s.query<Branch>()
                                 .where(kin::col<&Branch::id> == 1)
                                 .with(kin::selectin<&Branch::branches>.recursive())
                                 .one();
                trunk->branches[0]->branches.push_back(kin::make(Branch{.name = "a leaf with a long name"}));
                for (const auto& one : s.query<Branch>().where(kin::descendant_of<&Branch::parent>(trunk)))
                    kin::ref<Branch>(one)->name += ", below";
                const auto twig = s.get<Branch>(4);
                for (const auto& one : s.query<Branch>().where(kin::ancestor_of<&Branch::parent>(twig)))
                    kin::ref<Branch>(one)->name += ", above";
                s.commit();
                (void)s.query<Branch>()
                    .where(kin::col<&Branch::id> == 4)
                    .with(kin::selectin<&Branch::parent>.recursive())
                    .one();
            },
        .question = "SELECT group_concat(name, ';') FROM branch WHERE name LIKE '%,%'",
        .answer = "'a trunk with a long name, above;a branch with a long name, below, above;"
                  "another branch with a long name, below;a twig with a long name, below;"
                  "a leaf with a long name, below'",
    });
}

} // namespace
