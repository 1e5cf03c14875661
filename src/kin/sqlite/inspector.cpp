// SPDX-License-Identifier: MIT
#include "kin/sqlite/inspector.hpp"

namespace kin::sqlite {

namespace {

constexpr catalogue_queries queries{
    .tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE "
              "'\\' ORDER BY name",
    .table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
    // hidden = 1 are columns of virtual tables that do not belong to the row; generated ones (2, 3) do.
    .columns = "SELECT name, type, NOT \"notnull\", pk, dflt_value FROM pragma_table_xinfo(?1) WHERE hidden "
               "<> 1 ORDER BY cid",
    // Of origin c are those of CREATE INDEX, of origin u those of UNIQUE.
    .indexes = "SELECT l.name, l.name, l.\"unique\", i.name FROM pragma_index_list(?1) AS l, "
               "pragma_index_info(l.name) AS i "
               "WHERE l.origin = 'c' ORDER BY l.name, i.seqno",
    // SQLite numbers them from the last one written to the first.
    .foreign_keys = "SELECT CAST(id AS TEXT), '', \"from\", \"table\", \"to\", on_delete, on_update FROM "
                    "pragma_foreign_key_list(?1) "
                    "ORDER BY id DESC, seq",
    .uniques = "SELECT l.name, '', i.name FROM pragma_index_list(?1) AS l, pragma_index_info(l.name) AS i "
               "WHERE l.origin = 'u' ORDER BY l.name, i.seqno",
};

} // namespace

sqlite_inspector::sqlite_inspector(connection& c) noexcept : catalogue_inspector(c, queries) {}

} // namespace kin::sqlite
