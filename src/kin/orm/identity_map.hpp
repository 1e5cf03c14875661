// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// The objects of one class with a single integer key. Open addressing; runs of 16 neighbouring keys lie together, because
/// rows mostly come in key order.
class integer_key_map {
public:
    [[nodiscard]] node* find(std::int64_t key) const noexcept;
    /// The place for `key`: holds the object, or null for a new one; who fills it calls added(). A place that stays null is
    /// free again. Valid until the next call.
    [[nodiscard]] node*& slot(std::int64_t key);
    void added() noexcept { ++size_; }
    void erase(std::int64_t key) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    struct entry {
        std::int64_t key;
        node* object; // null: free
    };
    [[nodiscard]] std::size_t home_of(std::int64_t key) const noexcept;
    void grow();

    std::vector<entry> entries_;
    std::size_t mask_ = 0;
    std::size_t size_ = 0;
};

/// One object per row: the objects of one class by primary key.
class entity_map {
public:
    explicit entity_map(const mapper& m) noexcept : type_(&m) {}
    [[nodiscard]] const mapper& type() const noexcept { return *type_; }
    [[nodiscard]] node* find(std::span<const cell> key) const;
    /// Throws: std::bad_alloc. See integer_key_map::slot.
    [[nodiscard]] node*& slot(std::span<const cell> key);
    void added() noexcept {
        if (type_->has_integer_key()) integers_.added();
    }
    void erase(std::span<const cell> key) noexcept;
    [[nodiscard]] integer_key_map& integers() noexcept { return integers_; }

private:
    const mapper* type_;
    integer_key_map integers_;
    std::unordered_map<std::string, node*> others_; // by the key's cells, written one after the other
};

/// The identity map of a session: within it, one row is one object.
class identity_map {
public:
    [[nodiscard]] entity_map& of(const mapper& m);
    /// The key of an object as cells, read from its members. `out` has room for the key's columns.
    static void key_of(const node& n, cell* out, scratch& memory);
    void insert(
        node& n); // Throws: state_error (duplicate_identity) when the session has another object for the row
    void erase(const node& n) noexcept;

private:
    std::vector<std::unique_ptr<entity_map>> maps_;
    entity_map* last_ = nullptr;
};

} // namespace kin::detail
