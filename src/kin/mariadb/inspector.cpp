// SPDX-License-Identifier: MIT
#include "kin/mariadb/inspector.hpp"

namespace kin::mariadb {

namespace {

/// The schema that is the second parameter: a database, that of the URL where it is empty.
#define KIN_SCHEMA "COALESCE(NULLIF(?, ''), DATABASE())"

constexpr catalogue_queries queries{
    .tables = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = " KIN_SCHEMA
              " AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME",
    .table = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_NAME = ? AND TABLE_SCHEMA = " KIN_SCHEMA
             " AND TABLE_TYPE = 'BASE TABLE'",
    // The default is told as SQL, and as the text NULL for a nullable column without one.
    .columns =
        "SELECT c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE = 'YES', COALESCE(k.ORDINAL_POSITION, 0), "
        "NULLIF(c.COLUMN_DEFAULT, 'NULL') FROM information_schema.COLUMNS AS c "
        "LEFT JOIN information_schema.KEY_COLUMN_USAGE AS k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA "
        "AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME AND k.CONSTRAINT_NAME = 'PRIMARY' "
        "WHERE c.TABLE_NAME = ? AND c.TABLE_SCHEMA = " KIN_SCHEMA " ORDER BY c.ORDINAL_POSITION",
    // A UNIQUE constraint is an index of its name here, and a foreign key without an index gets one.
    .indexes = "SELECT i.INDEX_NAME, i.INDEX_NAME, i.NON_UNIQUE = 0, i.COLUMN_NAME FROM "
               "information_schema.STATISTICS AS i WHERE i.TABLE_NAME = ? AND i.TABLE_SCHEMA = " KIN_SCHEMA
               " AND NOT EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS AS o WHERE "
               "o.TABLE_SCHEMA = i.TABLE_SCHEMA AND o.TABLE_NAME = i.TABLE_NAME "
               "AND o.CONSTRAINT_NAME = i.INDEX_NAME) ORDER BY i.INDEX_NAME, i.SEQ_IN_INDEX",
    .foreign_keys =
        "SELECT k.CONSTRAINT_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, "
        "k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE, "
        "CASE k.REFERENCED_TABLE_SCHEMA WHEN DATABASE() THEN '' ELSE k.REFERENCED_TABLE_SCHEMA END, 0 "
        "FROM information_schema.KEY_COLUMN_USAGE AS k "
        "JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA "
        "AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME "
        "WHERE k.TABLE_NAME = ? AND k.TABLE_SCHEMA = " KIN_SCHEMA " AND k.REFERENCED_TABLE_NAME IS NOT NULL "
        "ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
    .uniques = "SELECT INDEX_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE "
               "TABLE_NAME = ? AND TABLE_SCHEMA = " KIN_SCHEMA " AND NON_UNIQUE = 0 AND "
               "INDEX_NAME <> 'PRIMARY' ORDER BY INDEX_NAME, SEQ_IN_INDEX",
};

#undef KIN_SCHEMA

} // namespace

mariadb_inspector::mariadb_inspector(connection& c) noexcept : catalogue_inspector(c, queries) {}

} // namespace kin::mariadb
