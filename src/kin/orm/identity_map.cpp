// SPDX-License-Identifier: MIT
#include "identity_map.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

#include "kin/base/error.hpp"
#include "row_cells.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t crowded = 64; // steps of a search that say: the keys do not spread

/// Gives a key's written form to `take`, piece by piece: kind, size and content of every cell. `take` returns whether to go on.
template <class F> bool write(std::span<const cell> key, F&& take) {
    for (const cell& c : key) {
        char head[1 + sizeof(std::int64_t)] = {static_cast<char>(c.kind)};
        const std::int64_t content = c.is_bytes() ? static_cast<std::int64_t>(c.size) : c.integer;
        std::memcpy(head + 1, &content, sizeof content);
        if (!take(std::string_view(head, sizeof head))) return false;
        if (c.is_bytes() && !take(c.bytes())) return false;
    }
    return true;
}

/// FNV-1a: it does not matter in which pieces the bytes come.
constexpr std::uint64_t first_hash = 0xCBF29CE484222325ULL;
std::uint64_t hashed(std::uint64_t hash, std::string_view bytes) noexcept {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

} // namespace

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

void integer_key_map::reserve(std::size_t count) {
    if (count > most_) rebuild(std::max(first_capacity, std::bit_ceil(count + count / 3 + 1)));
}

void integer_key_map::rebuild(std::size_t capacity) {
    std::vector<entry> old(capacity, entry{0, nullptr});
    old.swap(entries_);
    mask_ = capacity - 1;
    most_ = capacity / 4 * 3;
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

std::size_t written_keys::hash::operator()(std::string_view written) const noexcept {
    return hashed(first_hash, written);
}

std::size_t written_keys::hash::operator()(std::span<const cell> key) const noexcept {
    std::uint64_t result = first_hash;
    write(key, [&](std::string_view piece) {
        result = hashed(result, piece);
        return true;
    });
    return result;
}

bool written_keys::equal::operator()(std::span<const cell> key, std::string_view written) const noexcept {
    const bool fits = write(key, [&](std::string_view piece) {
        if (!written.starts_with(piece)) return false;
        written.remove_prefix(piece.size());
        return true;
    });
    return fits && written.empty();
}

node* written_keys::find(std::span<const cell> key) const noexcept {
    const auto at = objects_.find(key);
    return at == objects_.end() ? nullptr : at->second;
}

std::string written_key(std::span<const cell> values) {
    std::string written;
    write(values, [&](std::string_view piece) {
        written += piece;
        return true;
    });
    return written;
}

void written_keys::insert(std::span<const cell> key, node& object) {
    objects_.emplace(written_key(key), &object);
}

void written_keys::erase(std::span<const cell> key) noexcept {
    const auto at = objects_.find(key);
    if (at != objects_.end()) objects_.erase(at);
}

node* entity_map::find(std::span<const cell> key) const noexcept {
    return type_->has_integer_key() ? integers_.find(key[0].integer) : others_.find(key);
}

void entity_map::reserve(std::size_t count) {
    if (type_->has_integer_key()) {
        integers_.reserve(integers_.size() + count);
    } else {
        others_.reserve(others_.size() + count);
    }
}

void entity_map::insert(std::span<const cell> key, node& object) {
    if (type_->has_integer_key()) {
        integers_.reserve_one();
        integers_.insert(key[0].integer, object);
    } else {
        others_.insert(key, object);
    }
}

void entity_map::erase(std::span<const cell> key) noexcept {
    if (type_->has_integer_key()) {
        integers_.erase(key[0].integer);
    } else {
        others_.erase(key);
    }
}

entity_map* identity_map::find_map(const mapper& m) noexcept {
    if (last_ && &last_->type() == &m) return last_;
    for (const auto& map : maps_) {
        if (&map->type() == &m) return last_ = map.get();
    }
    return nullptr;
}

entity_map& identity_map::find_or_make(const mapper& m) {
    if (entity_map* known = find_map(m)) return *known;
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
    const std::span<const cell> columns(key, n.type->key().size());
    entity_map* map = find_map(*n.type);
    if (map && map->find(columns) == &n) map->erase(columns);
}

} // namespace kin::detail
