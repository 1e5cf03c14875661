// SPDX-License-Identifier: MIT
#include "row_image.hpp"

#include <cstring>
#include <new>
#include <vector>

#include "kin/base/error.hpp"

namespace kin::detail {

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

row_copy row_copy::of(const node& n) {
    std::vector<cell> cells(n.type->properties().size());
    scratch memory;
    encode_row(n, cells.data(), memory);
    return of(cells);
}

row_copy row_copy::of(std::span<const cell> cells) {
    std::size_t bytes = cells.size_bytes();
    for (const cell& c : cells) bytes += c.bytes().size();
    row_copy copy;
    copy.block_ = std::make_unique_for_overwrite<char[]>(bytes);
    copy.count_ = cells.size();
    cell* to = reinterpret_cast<cell*>(copy.block_.get());
    char* text = copy.block_.get() + cells.size_bytes();
    for (const cell& c : cells) {
        cell* at = ::new (static_cast<void*>(to++)) cell(c);
        if (!c.is_bytes()) continue;
        if (c.size != 0) std::memcpy(text, c.data, c.size);
        at->data = text;
        text += c.size;
    }
    return copy;
}

void row_copy::restore(node& n) const {
    const mapper& m = *n.type;
    (void)m.functions().decode(m, n.object(), cells().data());
}

} // namespace kin::detail
