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

/// The objects of one class with a single integer key. Open addressing. Keys mostly come from a counter, so a key's place is the key itself
/// as long as that works: neighbouring rows then lie side by side. When keys crowd (strides, runs far apart), all move to mixed places.
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
    [[nodiscard]] std::size_t home_of(std::int64_t key) const noexcept {
        const auto k = static_cast<std::uint64_t>(key);
        return static_cast<std::size_t>(mixed_ ? mix(k) : k) & mask_;
    }
    [[nodiscard]] static std::uint64_t mix(std::uint64_t key) noexcept {
        key *= 0x9E3779B97F4A7C15ULL;
        return key ^ (key >> 32);
    }
    void rebuild(std::size_t capacity);

    std::vector<entry> entries_;
    std::size_t mask_ = 0;
    std::size_t size_ = 0;
    bool mixed_ = false;
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

/// The most columns that a primary key may have; checked when a mapping is configured.
inline constexpr std::size_t most_key_columns = 8;

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
