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

/// The objects of one class with a single integer key. Open addressing, Robin Hood: on its way from the place that its key wants, nobody
/// passes an entry that is nearer to its own, so a search for a key that is not there ends early, and a hole is filled at once.
/// Keys mostly come from a counter, so a key wants the place of its own number as long as that works: neighbouring rows then
/// lie side by side. When keys crowd (strides, runs far apart), all move to mixed places.
class integer_key_map {
public:
    [[nodiscard]] node* find(std::int64_t key) const noexcept {
        if (size_ == 0) return nullptr;
        const entry& wanted = entries_[home_of(key)]; // mostly it is there, or nobody is
        if (!wanted.object || wanted.key == key) return wanted.object;
        const std::size_t i = place_of(key);
        return i == entries_.size() ? nullptr : entries_[i].object;
    }
    /// Room for one more, so that insert() cannot fail. Throws: std::bad_alloc.
    void reserve_one() {
        if (size_ == most_) reserve(size_ + 1);
    }
    /// Room for `count` objects in all. Throws: std::bad_alloc.
    void reserve(std::size_t count);
    /// `key` must not be there, and there must be room.
    void insert(std::int64_t key, node& object) noexcept {
        ++size_;
        entry& wanted = entries_[home_of(key)];
        if (!wanted.object) {
            wanted = {key, &object};
        } else {
            insert_beside(key, object);
        }
    }
    void erase(std::int64_t key) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    template <class F> void for_each(F&& f) const {
        for (const entry& e : entries_) {
            if (e.object) f(*e.object);
        }
    }

private:
    static constexpr std::size_t first_capacity = 64;
    struct entry {
        std::int64_t key;
        node* object; // null: free
    };
    [[nodiscard]] std::size_t home_of(std::int64_t key) const noexcept {
        const auto k = static_cast<std::uint64_t>(key);
        return static_cast<std::size_t>(mixed_ ? mix(k) : k) & mask_;
    }
    /// How far the entry at `i` is from the place that its key wants.
    [[nodiscard]] std::size_t distance(std::size_t i) const noexcept {
        return (i - home_of(entries_[i].key)) & mask_;
    }
    [[nodiscard]] static std::uint64_t mix(std::uint64_t key) noexcept {
        key *= 0x9E3779B97F4A7C15ULL;
        return key ^ (key >> 32);
    }
    [[nodiscard]] std::size_t place_of(std::int64_t key) const noexcept; // entries_.size(): not there
    void insert_beside(std::int64_t key, node& object) noexcept;
    std::size_t put(entry e) noexcept; // returns the longest way that it took
    void rebuild(std::size_t capacity);

    std::vector<entry> entries_;
    std::size_t mask_ = 0;
    std::size_t size_ = 0;
    std::size_t most_ = 0; // objects, before there must be more places
    bool mixed_ = false;
};

/// Several values as one string: kind, size and content of every cell.
[[nodiscard]] std::string written_key(std::span<const cell> values);

/// A key of several columns, or of text, as one string: kind, size and content of every cell. Looking one up writes no string, so
/// it takes no memory.
class written_keys {
public:
    [[nodiscard]] node* find(std::span<const cell> key) const noexcept;
    void insert(std::span<const cell> key, node& object);
    void erase(std::span<const cell> key) noexcept;
    void reserve(std::size_t count) { objects_.reserve(count); }
    [[nodiscard]] std::size_t size() const noexcept { return objects_.size(); }
    template <class F> void for_each(F&& f) const {
        for (const auto& [written, object] : objects_) f(*object);
    }

private:
    struct hash {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view written) const noexcept;
        [[nodiscard]] std::size_t operator()(std::span<const cell> key) const noexcept;
    };
    struct equal {
        using is_transparent = void;
        [[nodiscard]] bool operator()(std::string_view a, std::string_view b) const noexcept {
            return a == b;
        }
        [[nodiscard]] bool operator()(std::span<const cell> key, std::string_view written) const noexcept;
        [[nodiscard]] bool operator()(std::string_view written, std::span<const cell> key) const noexcept {
            return (*this)(key, written);
        }
    };
    std::unordered_map<std::string, node*, hash, equal> objects_;
};

/// One object per row: the objects of one class by primary key.
class entity_map {
public:
    explicit entity_map(const mapper& m) noexcept : type_(&m) {}
    [[nodiscard]] const mapper& type() const noexcept { return *type_; }
    [[nodiscard]] node* find(std::span<const cell> key) const noexcept;
    /// Room for `count` more objects. Throws: std::bad_alloc.
    void reserve(std::size_t count);
    /// `key` must not be there. Throws: std::bad_alloc; then nothing has changed.
    void insert(std::span<const cell> key, node& object);
    void erase(std::span<const cell> key) noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return integers_.size() + others_.size(); }
    [[nodiscard]] integer_key_map& integers() noexcept { return integers_; }
    /// Calls `f` with every object. It must not insert or erase.
    template <class F> void for_each(F&& f) const {
        integers_.for_each(f);
        others_.for_each(f);
    }

private:
    const mapper* type_;
    integer_key_map integers_;
    written_keys others_;
};

/// The identity map of a session: within it, one row is one object.
class identity_map {
public:
    [[nodiscard]] entity_map& of(const mapper& m) {
        return last_ && &last_->type() == &m ? *last_ : find_or_make(m); // mostly the class of the last call
    }
    /// The maps of all classes that were asked for so far.
    [[nodiscard]] std::vector<entity_map*> all() const;
    /// By the key of its row, whatever the program has put into the members since.
    /// Throws: state_error (duplicate_identity) when the session has another object for the row.
    void insert(node& n);
    void erase(const node& n) noexcept;

private:
    [[nodiscard]] entity_map& find_or_make(const mapper& m);
    [[nodiscard]] entity_map* find_map(const mapper& m) noexcept;

    std::vector<std::unique_ptr<entity_map>> maps_;
    entity_map* last_ = nullptr;
};

} // namespace kin::detail
