// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kin/base/cell.hpp"
#include "kin/base/codec.hpp"
#include "kin/base/scratch.hpp"
#include "kin/mapping/association.hpp"
#include "kin/mapping/node.hpp"
#include "kin/mapping/relationship.hpp"
#include "kin/schema/table.hpp"

namespace kin {

class metadata;
struct column_default;
struct column_rules;

namespace detail {
struct column_rules_deleter {
    void operator()(column_rules* rules) const noexcept;
};
} // namespace detail

/// The most columns that a primary key may have.
inline constexpr std::size_t most_key_columns = 8;

/// One column member of a class: where it is and how it becomes a cell.
struct property {
    std::string name; // the member's
    const kin::column* column = nullptr;
    std::size_t offset = 0;
    bool (*encode)(const void* member, encoder out) = nullptr;
    bool (*decode)(void* member, const cell& in) = nullptr;
    void (*reset)(void* member) = nullptr;            // to a default-made value
    void (*take)(void* member, void* from) = nullptr; // moves the value of another such member here
    bool (*is_default)(const void* member) = nullptr; // still the default-made value
    /// The class and member that a foreign key member refers to; null: no foreign key.
    const mapper& (*foreign_target)() = nullptr;
    std::string foreign_member = {}; // empty: the target's primary key
    referential_action on_delete = referential_action::no_action;
    std::optional<referential_action> on_update = {}; // decided at the latest when the mapper is configured
    key_check checked = key_check::at_once;           // of a foreign key
    std::uint32_t length = 0;                         // characters that fit; 0: no limit
    /// What describe says about values; null: nothing. Private to the core, as is what follows (column_rules.hpp).
    std::unique_ptr<column_rules, detail::column_rules_deleter> rules = {};

    /// SQL, or a function, makes the value of a new row, or of one that is updated, when the program says none; null: nothing does.
    [[nodiscard]] const column_default* at_insert() const noexcept;
    [[nodiscard]] const column_default* at_update() const noexcept;
    /// The database makes the value of a new row when an INSERT says none.
    [[nodiscard]] bool is_made_by_database() const noexcept;
};

/// What `describe` says about the foreign key of these columns.
struct foreign_key_rule {
    std::vector<std::uint32_t> columns; // positions
    std::string name = {};              // empty: the convention's
    bool says_when = false;             // ... it is checked
    key_check checked = key_check::at_once;
};

/// The functions that the compiler generates for a class: two unrolled ones for whole rows, and its life cycle.
struct class_functions {
    std::size_t size = 0;
    void (*construct)(void* object) = nullptr;
    void (*destroy)(void* object) noexcept = nullptr;
    /// Writes one cell per property. Returns the number of properties when all fit, else the position of the one that does not.
    std::uint32_t (*encode)(const mapper& m, const void* object, cell* out, scratch& memory) = nullptr;
    /// Reads one cell per property. Returns as `encode`.
    std::uint32_t (*decode)(const mapper& m, void* object, const cell* in) = nullptr;
};

/// A class as the core sees it: its table, properties and relationships. One per class and process, made at first use, lives
/// until the process ends. Immutable once configured, so threads share it.
class mapper {
public:
    explicit mapper(std::string_view class_name, std::string table_name, class_functions functions);
    mapper(const mapper&) = delete;
    mapper& operator=(const mapper&) = delete;
    ~mapper(); // not inline, as the builder's

    [[nodiscard]] const std::string& class_name() const noexcept { return class_name_; }
    [[nodiscard]] const kin::table& table() const noexcept { return table_; }
    [[nodiscard]] const class_functions& functions() const noexcept { return functions_; }
    /// One per column of table(), in the same order.
    [[nodiscard]] const std::vector<property>& properties() const noexcept { return properties_; }
    [[nodiscard]] const std::vector<relationship>& relationships() const noexcept { return relationships_; }
    /// Whether its objects carry foreign keys of relationships.
    [[nodiscard]] bool has_references() const noexcept { return has_references_; }
    /// Whether a relationship loads together with its objects unless a query says otherwise.
    [[nodiscard]] bool loads_eagerly() const noexcept { return loads_eagerly_; }
    /// Whether a many_to_many refers to this class or belongs to it.
    [[nodiscard]] bool is_linked() const noexcept { return linked_.load(std::memory_order_relaxed); }
    /// The tables behind the many_to_many members of this class that it owns, and those that the other class owns are at the other class.
    [[nodiscard]] const std::deque<association>& associations() const noexcept { return associations_; }
    /// By the member's name; null when there is none.
    [[nodiscard]] const property* find_property(std::string_view member) const noexcept;
    [[nodiscard]] const relationship* find_relationship(std::string_view member) const noexcept;
    /// By the member's place in the object. Throws: mapping_error (member_not_mapped).
    [[nodiscard]] const property& property_at(std::size_t offset) const;
    [[nodiscard]] const relationship& relationship_at(std::size_t offset) const;

    /// Positions of the primary key's properties.
    [[nodiscard]] const std::vector<std::uint32_t>& key() const noexcept { return key_; }
    /// The key is one integer: the identity map's fast path.
    [[nodiscard]] bool has_integer_key() const noexcept { return integer_key_; }
    /// The database makes the key (a lone integer key that the program leaves at 0).
    [[nodiscard]] bool has_generated_key() const noexcept { return generated_key_; }
    /// The member with the option kin::version; null: the class has none.
    [[nodiscard]] const property* version() const noexcept { return version_; }
    /// Whether a column has validators; whether one has on_set handlers.
    [[nodiscard]] bool has_validators() const noexcept { return has_validators_; }
    [[nodiscard]] bool has_set_handlers() const noexcept { return has_set_handlers_; }
    /// Whether a column has an insert_default, or an update_default, in describe.
    [[nodiscard]] bool has_insert_defaults() const noexcept { return has_insert_defaults_; }
    [[nodiscard]] bool has_update_defaults() const noexcept { return has_update_defaults_; }
    /// What a driver is asked for, column by column.
    [[nodiscard]] std::span<const cell_kind> cell_kinds() const noexcept { return cell_kinds_; }

    /// Checks this mapping and all that it reaches, and joins the two sides of every relationship. Done once, at the first
    /// use of a class; safe for threads. Throws: mapping_error listing every fault.
    void configure() const;
    [[nodiscard]] bool is_configured() const noexcept { return configured_.load(std::memory_order_acquire); }

private:
    friend class mapper_builder;
    friend class mapper_configuration;
    friend class association_builder;

    std::string class_name_;
    kin::table table_;
    class_functions functions_;
    std::vector<property> properties_; // complete, and at their place, when the builder is done
    std::vector<relationship> relationships_;
    std::deque<association> associations_;
    std::vector<std::uint32_t> key_;
    const property* version_ = nullptr;
    std::vector<cell_kind> cell_kinds_;
    std::vector<std::uint32_t> unindexed_; // foreign key columns that want no index
    std::vector<foreign_key_rule> foreign_key_rules_;
    std::vector<std::string> faults_; // found while building, reported by configure()
    bool has_references_ = false;
    bool loads_eagerly_ = false;
    bool integer_key_ = false;
    bool generated_key_ = false;
    bool has_validators_ = false;
    bool has_set_handlers_ = false;
    bool has_insert_defaults_ = false;
    bool has_update_defaults_ = false;
    bool resolved_ = false;
    std::atomic<bool> linked_{false};
    mutable std::atomic<bool> configured_{false};
};

namespace detail {
/// Adds the tables behind the many_to_many members of a class, unless a table of that name is there: a class may be mapped to it.
void add_associations(metadata& m, const mapper& of);
} // namespace detail

} // namespace kin
