// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/kin.hpp"
#include "model/reference_model.hpp"

/// The objects of world.hpp without their types, so that a machine can do the same to all of them: what is one line in a program is one
/// function here. Labels, codes and keys are numbers, as in the reference model.
namespace model {

using kin::detail::any_ref;

/// A has_many, has_one or many_to_many.
struct collection_access {
    bool (*is_loaded)(const any_ref& owner);
    std::vector<any_ref> (*read)(const any_ref& owner); // loads
    void (*push)(const any_ref& owner, const any_ref& object);
    void (*insert)(const any_ref& owner, std::size_t position, const any_ref& object);
    bool (*erase)(const any_ref& owner, const any_ref& object);
    void (*assign)(const any_ref& owner, std::span<const any_ref> objects);
    void (*clear)(const any_ref& owner);
    bool (*contains)(const any_ref& owner, const any_ref& object);
    std::size_t (*count)(const any_ref& owner);
};

/// A belongs_to with its foreign key.
struct reference_access {
    bool (*is_loaded)(const any_ref& child);
    any_ref (*read)(const any_ref& child); // loads
    void (*assign)(const any_ref& child, const any_ref& target);
    void (*preset)(void* made, const any_ref& target); // before the object is made
    std::optional<int> (*key)(const any_ref& child);
    void (*set_key)(const any_ref& child, std::optional<int> key);
    const collection_access* many; // the other side; null: there is none
};

struct pairing_access {
    const collection_access* of_left;
    const collection_access* of_right; // null: there is none
};

struct facts {
    int mark = 0;
    int id = 0;
    values content = {};
};

struct class_access {
    any_ref (*make)(int mark, const values& v,
                    std::span<const any_ref> targets); // by slot; null: none
    facts (*read)(const any_ref& object);
    void (*write)(const any_ref& object, const values& v);
    void (*touch)(const any_ref& object); // mutable access, and nothing more
    /// All objects. `eager`: with everything that a query can load of this class.
    std::vector<any_ref> (*query)(kin::session& s, bool eager);
    any_ref (*get)(kin::session& s, int key);
    void (*add)(kin::session& s, const any_ref& object);
};

[[nodiscard]] const class_access& access_of(kind k);
[[nodiscard]] const reference_access& access_of_reference(std::size_t name);
[[nodiscard]] const pairing_access& access_of_pairing(std::size_t number);

/// The mark of any object of these classes.
[[nodiscard]] facts facts_of(const any_ref& object);
[[nodiscard]] kind kind_of(const any_ref& object);

[[nodiscard]] std::string label_text(int label);
[[nodiscard]] std::string code_text(int code);
/// The other way round; 0 for an empty code.
[[nodiscard]] int label_number(std::string_view label);
[[nodiscard]] int code_number(std::string_view code);

} // namespace model
