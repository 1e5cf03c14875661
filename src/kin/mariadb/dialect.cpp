// SPDX-License-Identifier: MIT
#include "kin/mariadb/dialect.hpp"

#include <algorithm>
#include <string>

#include "kin/base/utf8.hpp"
#include "kin/schema/table.hpp"
#include "kin/sql/refuse.hpp"

namespace kin::mariadb {

namespace {

constexpr std::uint64_t mysql_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t refusing_bit = std::uint64_t{1} << 62;
constexpr std::uint64_t first_with_returning = 100500;
constexpr std::uint64_t first_with_json_table = 100600;
constexpr std::uint64_t first_mysql_with_json_table = 80004;
constexpr std::size_t longest_name = 64;       // characters
constexpr std::size_t longest_enum_word = 255; // ... of ENUM

/// The characters that a text without a length gets where it is part of a key: three such columns fit into an index.
constexpr std::string_view key_text = "VARCHAR(255)";

std::size_t characters_of(std::string_view utf8) {
    const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), is_start));
}

bool contains(const std::vector<std::uint32_t>& columns, std::uint32_t one) {
    return std::find(columns.begin(), columns.end(), one) != columns.end();
}

void append_quoted(std::string& out, std::string_view identifier) {
    out += '`';
    for (const char c : identifier) {
        if (c == '`') out += '`';
        out += c;
    }
    out += '`';
}

/// Whether the column is part of a key that InnoDB must be able to look up whole: primary, unique or foreign.
bool is_in_key(const column& c) {
    if (c.primary_key) return true;
    if (c.owner == nullptr) return false;
    const auto has_it = [&](const auto& key) { return contains(key.columns, c.index); };
    const table& t = *c.owner;
    return std::any_of(t.foreign_keys.begin(), t.foreign_keys.end(), has_it) ||
           std::any_of(t.uniques.begin(), t.uniques.end(), has_it) ||
           std::any_of(t.indexes.begin(), t.indexes.end(),
                       [&](const index_definition& i) { return i.unique && has_it(i); });
}

/// Without a precision: as many digits after the point as a kin::decimal can have, for digits that have no place there are rounded
/// away without an error, also in a strict session. What has no place before the point is an error.
std::string decimal_name(const column_type& type, bool is_mysql) {
    if (type.precision == 0) return is_mysql ? "DECIMAL(65, 30)" : "DECIMAL(65, 38)"; // the most of each
    return "DECIMAL(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
}

} // namespace

bool mariadb_dialect::is_mysql() const noexcept {
    return (server_.load(std::memory_order_relaxed) & mysql_bit) != 0;
}

bool mariadb_dialect::supports(feature f) const noexcept {
    const std::uint64_t server = server_.load(std::memory_order_relaxed);
    const std::uint64_t version = server & ~(mysql_bit | refusing_bit);
    switch (f) {
    case feature::returning: return !is_mysql() && version >= first_with_returning;
    case feature::array_parameter:
        return version >= (is_mysql() ? first_mysql_with_json_table : first_with_json_table);
    case feature::json_path: return !is_mysql();
    case feature::writes_newest_rows: return (server & refusing_bit) == 0;
    case feature::recursive_queries:
    case feature::multi_row_insert:
    case feature::native_enums:
    case feature::nul_in_text:
    case feature::failed_statement_is_undone:
    case feature::drop_constraint:
    case feature::schemas: // databases of the server
    case feature::foreign_keys_across_schemas: return true;
    case feature::transactional_ddl: // every CREATE, ALTER and DROP commits first
    case feature::later_tables:
    case feature::drop_together:
    case feature::update_returning:
    case feature::update_from:
    case feature::array_rows:
    case feature::native_arrays:
    case feature::enum_types:
    case feature::foreign_keys_at_end:
    case feature::deferrable_keys:
    case feature::on_update_in_table: break;
    }
    return false;
}

void mariadb_dialect::learn(server_facts facts) const noexcept {
    std::uint64_t server = facts.version;
    if (!facts.is_mariadb) server |= mysql_bit;
    if (facts.refuses_changed_rows) server |= refusing_bit;
    server_.store(server, std::memory_order_relaxed);
}

void mariadb_dialect::quote(std::string& out, std::string_view identifier) const {
    require_name(identifier);
    const std::string made = names() == name_style::as_mapped ? std::string() : name_in_database(identifier);
    if (!made.empty()) identifier = made;
    if (const std::size_t n = characters_of(identifier); n > longest_name) {
        refuse("bad_identifier", "the name \"" + std::string(identifier) + "\" has " + std::to_string(n) +
                                     " characters, and MariaDB takes 64; choose a shorter one");
    }
    append_quoted(out, identifier);
}

void mariadb_dialect::quote_target(std::string& out, const qualified_name& target,
                                   const qualified_name& owner) const {
    if (target.schema.empty() && !owner.schema.empty() && !database_.empty()) {
        append_quoted(out, database_); // a name of the URL, in no style but its own
        out += '.';
    }
    quote_table(out, target);
}

std::string mariadb_dialect::type_name(const column& c) const {
    const column_type& type = c.type;
    switch (type.kind) {
    case type_kind::integer: return type.bits > 8 ? dialect::type_name(c) : "TINYINT";
    case type_kind::real: return type.bits > 32 ? "DOUBLE" : "FLOAT";
    case type_kind::text:
        // Also where every text has this length: a CHAR forgets the spaces at the end of a text.
        if (type.length != 0) return "VARCHAR(" + std::to_string(type.length) + ")";
        return is_in_key(c) ? std::string(key_text) : "LONGTEXT";
    case type_kind::blob: return "LONGBLOB";
    case type_kind::timestamp: return "DATETIME(6)"; // TIMESTAMP ends in 2038
    case type_kind::time: return "TIME(6)";
    case type_kind::decimal: return decimal_name(type, is_mysql());
    case type_kind::uuid: return "BINARY(16)";
    default: return dialect::type_name(c);
    }
}

std::string_view mariadb_dialect::fault_of_enum_word(std::string_view word) const noexcept {
    if (word.ends_with(' ')) return "ends in a space, which MariaDB would take away";
    if (characters_of(word) > longest_enum_word) return "is longer than MariaDB's 255 characters";
    return {};
}

void mariadb_dialect::in_array(std::string& out, std::size_t, cell_kind, bool negated) const {
    out += negated ? " NOT IN" : " IN";
    out += " (SELECT j.v FROM JSON_TABLE(?, '$[*]' COLUMNS (v BIGINT PATH '$')) AS j)";
}

std::string_view mariadb_dialect::json_access(type_kind as) const noexcept {
    if (is_mysql()) return {};
    switch (as) {
    case type_kind::integer:
        return "CASE WHEN JSON_TYPE(JSON_EXTRACT({c}, {p})) = 'INTEGER' AND CAST(JSON_EXTRACT({c}, {p}) AS "
               "DECIMAL(65, 0)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN "
               "CAST(CAST(JSON_EXTRACT({c}, {p}) AS DECIMAL(65, 0)) AS SIGNED) END";
    case type_kind::real:
        return "CASE WHEN JSON_TYPE(JSON_EXTRACT({c}, {p})) IN ('INTEGER', 'DOUBLE') THEN "
               "CAST(JSON_EXTRACT({c}, {p}) AS DOUBLE) END";
    case type_kind::boolean:
        return "CASE JSON_TYPE(JSON_EXTRACT({c}, {p})) WHEN 'BOOLEAN' THEN JSON_EXTRACT({c}, {p}) = 'true' "
               "END";
    case type_kind::json: return "JSON_COMPACT(JSON_EXTRACT({c}, {p}))";
    default:
        return "CASE JSON_TYPE(JSON_EXTRACT({c}, {p})) WHEN 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT({c}, "
               "{p})) END";
    }
}

void mariadb_dialect::leave_out_existing(std::string& out, std::string_view quoted_column) const {
    out.append(" ON DUPLICATE KEY UPDATE ").append(quoted_column).append(" = ").append(quoted_column);
}

std::string_view mariadb_dialect::table_options() const noexcept {
    return is_mysql() ? " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
                      : " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
}

void mariadb_dialect::index_column(std::string& out, const column& c) const {
    quote(out, c.name);
    const std::string type = c.type_words.empty() ? type_name(c) : c.type_words;
    // What has no length is indexed by its beginning; a query gives the same rows.
    if (type == "LONGTEXT" || type == "LONGBLOB") out += "(255)";
}

void mariadb_dialect::limit_offset(std::string& out, bool has_limit, bool has_offset, std::size_t) const {
    // There is no OFFSET without LIMIT; this is the number that the manual gives for "all".
    out += has_limit ? "LIMIT ?" : "LIMIT 18446744073709551615";
    if (has_offset) out += " OFFSET ?";
}

} // namespace kin::mariadb
