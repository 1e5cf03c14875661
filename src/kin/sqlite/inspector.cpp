// SPDX-License-Identifier: MIT
#include "kin/sqlite/inspector.hpp"

namespace kin::sqlite {

namespace {

// ?2 is a database: main, or the name of an attached one. Where it is NULL, the functions look into all of them, as a bare name does.
constexpr catalogue_queries queries{
    .tables = "SELECT name FROM sqlite_schema WHERE ?1 = '' AND type = 'table' AND name NOT LIKE "
              "'sqlite\\_%' ESCAPE '\\' UNION ALL SELECT name FROM pragma_table_list WHERE ?1 <> '' AND "
              "\"schema\" = ?1 COLLATE NOCASE AND type <> 'view' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
              "ORDER BY name",
    .table = "SELECT 1 FROM sqlite_schema WHERE ?2 = '' AND type = 'table' AND name = ?1 COLLATE NOCASE "
             "UNION ALL SELECT 1 FROM pragma_table_list(?1) WHERE ?2 <> '' AND "
             "\"schema\" = ?2 COLLATE NOCASE AND type <> 'view'",
    // hidden = 1 are columns of virtual tables that do not belong to the row; generated ones (2, 3) do.
    .columns = "SELECT name, type, NOT \"notnull\", pk, dflt_value FROM pragma_table_xinfo(?1, NULLIF(?2, "
               "'')) WHERE hidden <> 1 ORDER BY cid",
    // Of origin c are those of CREATE INDEX, of origin u those of UNIQUE.
    .indexes = "SELECT l.name, l.name, l.\"unique\", i.name FROM pragma_index_list(?1, NULLIF(?2, '')) AS l, "
               "pragma_index_info(l.name, NULLIF(?2, '')) AS i WHERE l.origin = 'c' ORDER BY l.name, i.seqno",
    // SQLite numbers them from the last one written to the first, and they never leave their database.
    .foreign_keys = "SELECT CAST(id AS TEXT), '', \"from\", \"table\", \"to\", on_delete, on_update, ?2, 0 "
                    "FROM pragma_foreign_key_list(?1, NULLIF(?2, '')) ORDER BY id DESC, seq",
    .uniques = "SELECT l.name, '', i.name FROM pragma_index_list(?1, NULLIF(?2, '')) AS l, "
               "pragma_index_info(l.name, NULLIF(?2, '')) AS i WHERE l.origin = 'u' ORDER BY l.name, i.seqno",
};

} // namespace

sqlite_inspector::sqlite_inspector(connection& c) noexcept : catalogue_inspector(c, queries) {}

} // namespace kin::sqlite
