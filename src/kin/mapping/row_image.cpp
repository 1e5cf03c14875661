// SPDX-License-Identifier: MIT
#include "row_image.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

#include "kin/base/error.hpp"

namespace kin::detail {

namespace {

/// Room for the cells of a row, on the stack for most.
class row_buffer {
public:
    explicit row_buffer(std::size_t count) : count_(count), many_(count > few ? count : 0) {}
    [[nodiscard]] cell* cells() noexcept {
        return many_.empty() ? reinterpret_cast<cell*>(few_) : many_.data();
    }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }

private:
    static constexpr std::size_t few = 16;
    std::size_t count_;
    alignas(cell) std::byte few_[few * sizeof(cell)]; // no cell has a value before it is written
    std::vector<cell> many_;
};

} // namespace

void encode_row(const node& n, cell* out, scratch& memory) {
    const mapper& m = *n.type;
    const std::uint32_t done = m.functions().encode(m, n.object(), out, memory);
    if (done == m.properties().size()) return;
    const property& p = m.properties()[done];
    throw data_error(
        {.code = "value_out_of_range",
         .message = m.class_name() + "." + p.name + ": the value does not fit into column " +
                    m.table().name() + "." + p.column->name +
                    " (a number beyond 64 bits signed, an enumerator without a name, or an invalid date)",
         .sql = {},
         .table = m.table().name(),
         .column = p.column->name});
}

namespace {

std::size_t bytes_of(std::span<const cell> cells) noexcept {
    std::size_t bytes = cells.size_bytes();
    for (const cell& c : cells) bytes += c.bytes().size();
    return bytes;
}

} // namespace

/// `block` has room for bytes_of(cells).
row_copy::row_copy(char* block, bool owns, std::span<const cell> cells) noexcept
    : block_(block, {owns}),
      count_(cells.size()) {
    cell* to = reinterpret_cast<cell*>(block);
    char* text = block + cells.size_bytes();
    for (const cell& c : cells) {
        cell* at = ::new (static_cast<void*>(to++)) cell(c);
        if (!c.is_bytes()) continue;
        if (c.size != 0) std::memcpy(text, c.data, c.size);
        at->data = text;
        text += c.size;
    }
}

row_copy row_copy::of(const node& n) {
    row_buffer row(n.type->properties().size());
    scratch memory;
    encode_row(n, row.cells(), memory);
    return of({row.cells(), row.count()});
}

row_copy row_copy::of(std::span<const cell> cells) {
    return {static_cast<char*>(::operator new(bytes_of(cells))), true, cells};
}

row_image* row_image::of(const node& n) {
    row_buffer row(n.type->properties().size());
    scratch memory;
    encode_row(n, row.cells(), memory);
    const std::span<const cell> cells(row.cells(), row.count());
    void* room = ::operator new(sizeof(row_image) + bytes_of(cells));
    return ::new (room) row_image{row_copy(static_cast<char*>(room) + sizeof(row_image), false, cells), {}};
}

row_copy row_copy::with(std::span<const std::uint32_t> columns, std::span<const cell> values) const {
    row_buffer row(count_);
    std::copy(cells().begin(), cells().end(), row.cells());
    for (std::size_t i = 0; i < columns.size(); ++i) row.cells()[columns[i]] = values[i];
    return of({row.cells(), count_});
}

void row_copy::restore(node& n) const {
    const mapper& m = *n.type;
    (void)m.functions().decode(m, n.object(), cells().data());
}

} // namespace kin::detail
