// SPDX-License-Identifier: MIT
#include "kin/postgresql/dialect.hpp"

#include "kin/schema/column.hpp"

namespace kin::postgresql {

bool postgresql_dialect::supports(feature f) const noexcept {
    switch (f) {
    case feature::returning:
    case feature::update_returning:
    case feature::multi_row_insert:
    case feature::array_parameter:
    case feature::transactional_ddl:
    case feature::drop_constraint:
    case feature::drop_together: return true;
    case feature::later_tables:
    case feature::nul_in_text:
    case feature::failed_statement_is_undone:
    case feature::json_path: break;
    }
    return false;
}

void postgresql_dialect::placeholder(std::string& out, std::size_t n) const {
    out += '$';
    out += std::to_string(n);
}

std::string postgresql_dialect::type_name(const column& c) const {
    switch (c.type.kind) {
    case type_kind::blob: return "BYTEA";
    case type_kind::timestamp: return "TIMESTAMP WITH TIME ZONE";
    case type_kind::json:
    case type_kind::array: return "JSONB";
    default: return dialect::type_name(c);
    }
}

void postgresql_dialect::in_array(std::string& out, std::string_view quoted_column, std::size_t n) const {
    out.append(quoted_column).append(" = ANY (CAST(");
    placeholder(out, n);
    out += " AS BIGINT[]))";
}

void postgresql_dialect::limit_offset(std::string& out, bool has_limit, bool has_offset,
                                      std::size_t first_placeholder) const {
    if (has_limit) {
        out += "LIMIT ";
        placeholder(out, first_placeholder);
        if (has_offset) out += ' ';
    }
    if (!has_offset) return;
    out += "OFFSET ";
    placeholder(out, first_placeholder + (has_limit ? 1 : 0));
}

} // namespace kin::postgresql
