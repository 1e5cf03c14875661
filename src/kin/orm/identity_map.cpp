// SPDX-License-Identifier: MIT
#include "identity_map.hpp"

#include <cstring>

#include "kin/base/error.hpp"
#include "kin/mapping/row_image.hpp"

namespace kin::detail {

namespace {

constexpr std::size_t first_capacity = 64;
constexpr std::size_t crowded = 64; // steps of a search that say: the keys do not spread

/// A key of several columns, or of text, as one string: kind, size and content of every cell.
std::string written(std::span<const cell> key) {
    std::string out;
    for (const cell& c : key) {
        out += static_cast<char>(c.kind);
        char number[sizeof(std::int64_t)];
        const std::int64_t content = c.is_bytes() ? static_cast<std::int64_t>(c.size) : c.integer;
        std::memcpy(number, &content, sizeof number);
        out.append(number, sizeof number);
        if (c.is_bytes()) out.append(c.bytes());
    }
    return out;
}

} // namespace

node* integer_key_map::find(std::int64_t key) const noexcept {
    if (size_ == 0) return nullptr;
    for (std::size_t i = home_of(key);; i = (i + 1) & mask_) {
        const entry& e = entries_[i];
        if (!e.object || e.key == key) return e.object;
    }
}

node*& integer_key_map::slot(std::int64_t key) {
    if ((size_ + 1) * 4 > entries_.size() * 3)
        rebuild(entries_.empty() ? first_capacity : entries_.size() * 2);
    for (std::size_t i = home_of(key), steps = 0;; i = (i + 1) & mask_, ++steps) {
        entry& e = entries_[i];
        if (e.object && e.key != key) {
            if (steps != crowded || mixed_) continue;
            mixed_ = true;
            rebuild(entries_.size());
            return slot(key);
        }
        e.key = key;
        return e.object;
    }
}

void integer_key_map::erase(std::int64_t key) noexcept {
    if (size_ == 0) return;
    std::size_t hole = home_of(key);
    while (entries_[hole].object && entries_[hole].key != key) hole = (hole + 1) & mask_;
    if (!entries_[hole].object) return;
    --size_;
    // Move back whoever would no longer be found across the hole.
    for (std::size_t i = (hole + 1) & mask_; entries_[i].object; i = (i + 1) & mask_) {
        const std::size_t home = home_of(entries_[i].key);
        if (((i - home) & mask_) >= ((i - hole) & mask_)) {
            entries_[hole] = entries_[i];
            hole = i;
        }
    }
    entries_[hole] = {0, nullptr};
}

void integer_key_map::rebuild(std::size_t capacity) {
    std::vector<entry> old(capacity, entry{0, nullptr});
    old.swap(entries_);
    mask_ = capacity - 1;
    for (const entry& e : old) {
        if (!e.object) continue;
        std::size_t i = home_of(e.key);
        while (entries_[i].object) i = (i + 1) & mask_;
        entries_[i] = e;
    }
}

node* entity_map::find(std::span<const cell> key) const {
    if (type_->has_integer_key()) return integers_.find(key[0].integer);
    const auto at = others_.find(written(key));
    return at == others_.end() ? nullptr : at->second;
}

node*& entity_map::slot(std::span<const cell> key) {
    if (type_->has_integer_key()) return integers_.slot(key[0].integer);
    return others_[written(key)];
}

void entity_map::erase(std::span<const cell> key) noexcept {
    if (type_->has_integer_key()) {
        integers_.erase(key[0].integer);
    } else {
        others_.erase(written(key));
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

void identity_map::key_of(const node& n, cell* out, scratch& memory) {
    for (const std::uint32_t i : n.type->key()) {
        const property& p = n.type->properties()[i];
        p.encode(static_cast<const char*>(n.object()) + p.offset, encoder{*out++, memory});
    }
}

void identity_map::insert(node& n) {
    cell key[most_key_columns];
    scratch memory;
    key_of(n, key, memory);
    entity_map& map = of(*n.type);
    node*& place = map.slot({key, n.type->key().size()});
    if (place && place != &n) {
        throw state_error(
            {.code = "duplicate_identity",
             .message = "the session already has another " + n.type->class_name() +
                        " with the same primary key; use that one (session.get), or expunge it first",
             .sql = {},
             .table = n.type->table().name()});
    }
    if (!place) map.added();
    place = &n;
}

void identity_map::erase(const node& n) noexcept {
    cell key[most_key_columns];
    scratch memory;
    if (n.image) {
        // Known by the key of its row, whatever the program has put into the member since.
        for (std::size_t i = 0; i < n.type->key().size(); ++i)
            key[i] = n.image->current.cells()[n.type->key()[i]];
    } else {
        key_of(n, key, memory);
    }
    entity_map& map = of(*n.type);
    if (map.find({key, n.type->key().size()}) == &n) map.erase({key, n.type->key().size()});
}

} // namespace kin::detail
