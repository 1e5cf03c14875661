// SPDX-License-Identifier: MIT
#include "loading.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "cell_text.hpp"
#include "joined_loader.hpp"
#include "kin/base/error.hpp"
#include "kin/mapping/binding.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/member.hpp"

namespace kin::detail {

row_loader::row_loader(session_core& session, const mapper& m, cursor& rows, std::vector<std::size_t> columns,
                       std::size_t base)
    : session_(session),
      type_(m),
      rows_(rows),
      known_(session.objects().of(m)),
      home_(session.storage()),
      allocator_(home_.allocator_for(m)),
      kinds_(m.cell_kinds()),
      columns_(std::move(columns)),
      base_(base),
      count_(kinds_.size()),
      many_(count_ > few ? count_ : 0),
      cells_(many_.empty() ? reinterpret_cast<cell*>(few_) : many_.data()),
      key_first_(m.has_integer_key() && m.key().front() == 0 && columns_.empty()),
      replaces_(session.replaces_known()),
      notes_(session.notes_reading(m)),
      all_likely_new_(known_.size() == 0) {}

std::size_t row_loader::make_room(std::uint64_t limit) {
    const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows_.rows_at_hand(), limit));
    if (all_likely_new_) known_.reserve(rows);
    return rows;
}

inline void row_loader::read(std::size_t first, std::size_t count) {
    const std::size_t done = rows_.read(base_ + first, {kinds_.data() + first, count}, cells_ + first);
    if (done != count) [[unlikely]]
        fail_conversion(first + done);
}

void row_loader::read_row() {
    if (columns_.empty()) {
        read(0, count_);
        return;
    }
    for (std::size_t i = 0; i < count_; ++i) {
        if (rows_.read(columns_[i], kinds_.subspan(i, 1), &cells_[i]) != 1) fail_conversion(i);
    }
}

inline void row_loader::decode_into(node& n) {
    const std::uint32_t done = type_.functions().decode(type_, n.object(), cells_);
    if (done != count_) [[unlikely]]
        fail_conversion(done);
}

inline node& row_loader::make() {
    node& n = allocator_.create(home_);
    try {
        decode_into(n);
    } catch (...) {
        allocator_.take_back(home_, n);
        throw;
    }
    bind_loaded(n);
    n.context = &session_;
    n.state = object_state::persistent;
    made_it_ = true;
    return n;
}

node& row_loader::take() { return key_first_ ? take_by_integer() : take_by_key(); }

node& row_loader::take_by_integer() {
    read(0, all_likely_new_ ? count_ : 1);
    if (cells_[0].is_null()) [[unlikely]]
        fail_conversion(0);
    const std::int64_t key = cells_[0].integer;
    integer_key_map& known = known_.integers();
    if (node* n = known.find(key)) {
        made_it_ = false;
        if (replaces_ || n->has(node_flag::expired)) [[unlikely]]
            session_.take_row(*n, *this);
        return *n;
    }
    if (!all_likely_new_ && count_ > 1) read(1, count_ - 1);
    known.reserve_one();
    node& n = make();
    known.insert(key, n);
    if (notes_) [[unlikely]]
        session_.note_read(n);
    return n;
}

node* row_loader::take_if_any() {
    for (const std::uint32_t i : type_.key()) {
        read(i, 1);
        if (cells_[i].is_null()) return nullptr;
    }
    return &take();
}

node& row_loader::take_by_key() {
    read_row();
    cell key[most_key_columns];
    std::size_t columns = 0;
    for (const std::uint32_t i : type_.key()) {
        if (cells_[i].is_null()) [[unlikely]]
            fail_conversion(i);
        key[columns++] = cells_[i];
    }
    made_it_ = false;
    if (node* n = known_.find({key, columns})) {
        if (replaces_ || n->has(node_flag::expired)) session_.take_row(*n, *this);
        return *n;
    }
    node& n = make();
    try {
        known_.insert({key, columns}, n);
    } catch (...) {
        allocator_.take_back(home_, n);
        throw;
    }
    if (notes_) session_.note_read(n);
    return n;
}

node& row_loader::make_aside() {
    read_row();
    return make();
}

void row_loader::take_back(node& n) noexcept { allocator_.take_back(home_, n); }

void row_aside::move_into(node& n) const {
    for (const property& p : n.type->properties()) p.take(member_of(n, p), member_of(object_, p));
}

void row_loader::fail_conversion(std::size_t position) {
    const property& p = type_.properties()[position];
    const auto column_of = [&](std::size_t i) { return columns_.empty() ? base_ + i : columns_[i]; };
    const cell stored = rows_.read_raw(column_of(position));
    std::string row;
    for (const std::uint32_t i : type_.key()) {
        row += (row.empty() ? "" : ", ") + type_.properties()[i].column->name + " = " +
               shown(rows_.read_raw(column_of(i)));
    }
    const std::string name = type_.table().name() + "." + p.column->name;
    std::string text;
    const char* code = "conversion_error";
    if (stored.is_null()) {
        code = "unexpected_null";
        text = name + " is NULL in the row with " + row + ", but " + type_.class_name() + "." + p.name +
               " is no std::optional; make it one, or put a value into the row";
    } else if (stored.kind == cell_kind::integer && p.column->type.kind == type_kind::integer) {
        code = "integer_out_of_range";
        text = name + " is " + shown(stored) + " in the row with " + row + ", which is too large for " +
               type_.class_name() + "." + p.name + "; use a wider integer type";
    } else {
        text = name + " holds " + std::string(kind_name(stored.kind)) + " in the row with " + row +
               ", which does not fit " + type_.class_name() + "." + p.name +
               "; correct the row, or the type of the member";
    }
    throw conversion_error({.code = code,
                            .message = std::move(text),
                            .sql = {},
                            .table = type_.table().name(),
                            .column = p.column->name});
}

std::vector<node*> load_joined(session_core& session, const mapper& m, cursor& rows, joined_loader& joined,
                               std::uint64_t limit) {
    std::vector<node*> found;
    std::unordered_set<const node*> seen;
    row_loader loader(session, m, rows);
    joined.open(rows);
    while (found.size() < limit && rows.next()) {
        node& n = loader.take();
        joined.take(n, loader.made_it());
        if (!joined.multiplies() || seen.insert(&n).second) found.push_back(&n);
    }
    return found;
}

std::vector<node*> load_all(session_core& session, const mapper& m, cursor& rows, std::uint64_t limit,
                            std::vector<std::size_t> columns) {
    const bool may_repeat = !columns.empty(); // SQL written by hand may join
    std::vector<node*> found;
    std::unordered_set<const node*> seen;
    row_loader loader(session, m, rows, std::move(columns));
    found.reserve(loader.make_room(limit));
    while (found.size() < limit && rows.next()) {
        node& n = loader.take();
        if (may_repeat && !seen.insert(&n).second) continue;
        found.push_back(&n);
    }
    return found;
}

} // namespace kin::detail
