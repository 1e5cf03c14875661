// SPDX-License-Identifier: MIT
#include "identity_map.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "kin/base/error.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t crowded = 64; // steps of a search that say: the keys do not spread

} // namespace

std::string written_key(std::span<const cell> values) {
    std::string out;
    for (const cell& c : values) {
        out += static_cast<char>(c.kind);
        char number[sizeof(std::int64_t)];
        const std::int64_t content = c.is_bytes() ? static_cast<std::int64_t>(c.size) : c.integer;
        std::memcpy(number, &content, sizeof number);
        out.append(number, sizeof number);
        if (c.is_bytes()) out.append(c.bytes());
    }
    return out;
}

std::size_t integer_key_map::place_of(std::int64_t key) const noexcept {
    if (size_ == 0) return entries_.size();
    for (std::size_t i = home_of(key), steps = 0;; i = (i + 1) & mask_, ++steps) {
        const entry& e = entries_[i];
        if (!e.object) return entries_.size();
        if (e.key == key) return i;
        if (distance(i) < steps) return entries_.size();
    }
}

std::size_t integer_key_map::put(entry e) noexcept {
    std::size_t longest = 0;
    for (std::size_t i = home_of(e.key), steps = 0;; i = (i + 1) & mask_, ++steps) {
        if (!entries_[i].object) {
            entries_[i] = e;
            return std::max(longest, steps);
        }
        const std::size_t theirs = distance(i);
        if (theirs >= steps) continue;
        std::swap(entries_[i], e); // who has come further stays
        longest = std::max(longest, steps);
        steps = theirs;
    }
}

void integer_key_map::insert_beside(std::int64_t key, node& object) noexcept {
    if (put({key, &object}) <= crowded || mixed_) return;
    mixed_ = true;
    try {
        rebuild(entries_.size());
    } catch (const std::bad_alloc&) {
        mixed_ = false; // slow, but right; the next one tries again
    }
}

void integer_key_map::erase(std::int64_t key) noexcept {
    std::size_t hole = place_of(key);
    if (hole == entries_.size()) return;
    --size_;
    for (std::size_t i = (hole + 1) & mask_; entries_[i].object && distance(i) != 0; i = (i + 1) & mask_) {
        entries_[hole] = entries_[i];
        hole = i;
    }
    entries_[hole] = {0, nullptr};
}

void integer_key_map::rebuild(std::size_t capacity) {
    std::vector<entry> old(capacity, entry{0, nullptr});
    old.swap(entries_);
    mask_ = capacity - 1;
    for (const entry& e : old) {
        if (!e.object) continue;
        entry& wanted = entries_[home_of(e.key)];
        if (!wanted.object) {
            wanted = e;
        } else {
            put(e);
        }
    }
}

node* entity_map::find(std::span<const cell> key) const {
    if (type_->has_integer_key()) return integers_.find(key[0].integer);
    const auto at = others_.find(written_key(key));
    return at == others_.end() ? nullptr : at->second;
}

void entity_map::insert(std::span<const cell> key, node& object) {
    if (type_->has_integer_key()) {
        integers_.reserve_one();
        integers_.insert(key[0].integer, object);
    } else {
        others_.emplace(written_key(key), &object);
    }
}

void entity_map::erase(std::span<const cell> key) noexcept {
    if (type_->has_integer_key()) {
        integers_.erase(key[0].integer);
    } else {
        others_.erase(written_key(key));
    }
}

entity_map& identity_map::of(const mapper& m) {
    if (last_ && &last_->type() == &m) return *last_;
    for (const auto& map : maps_) {
        if (&map->type() == &m) return *(last_ = map.get());
    }
    maps_.push_back(std::make_unique<entity_map>(m));
    return *(last_ = maps_.back().get());
}

std::vector<entity_map*> identity_map::all() const {
    std::vector<entity_map*> maps;
    for (const auto& map : maps_) maps.push_back(map.get());
    return maps;
}

void identity_map::insert(node& n) {
    cell key[most_key_columns];
    scratch memory;
    row_key(n, key, memory);
    entity_map& map = of(*n.type);
    const std::span<const cell> columns(key, n.type->key().size());
    const node* known = map.find(columns);
    if (known == &n) return;
    if (known) {
        throw state_error(
            {.code = "duplicate_identity",
             .message = "the session already has another " + n.type->class_name() +
                        " with the same primary key; use that one (session.get), or expunge it first",
             .sql = {},
             .table = n.type->table().name()});
    }
    map.insert(columns, n);
}

void identity_map::erase(const node& n) noexcept {
    cell key[most_key_columns];
    scratch memory;
    row_key(n, key, memory);
    entity_map& map = of(*n.type);
    if (map.find({key, n.type->key().size()}) == &n) map.erase({key, n.type->key().size()});
}

} // namespace kin::detail
