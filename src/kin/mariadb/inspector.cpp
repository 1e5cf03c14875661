// SPDX-License-Identifier: MIT
#include "kin/mariadb/inspector.hpp"

namespace kin::mariadb {

namespace {

constexpr catalogue_queries queries{
    .tables = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
              "AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME",
    .table = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? "
             "AND TABLE_TYPE = 'BASE TABLE'",
    // The default is told as SQL, and as the text NULL for a nullable column without one.
    .columns =
        "SELECT c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE = 'YES', COALESCE(k.ORDINAL_POSITION, 0), "
        "NULLIF(c.COLUMN_DEFAULT, 'NULL') FROM information_schema.COLUMNS AS c "
        "LEFT JOIN information_schema.KEY_COLUMN_USAGE AS k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA "
        "AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME AND k.CONSTRAINT_NAME = 'PRIMARY' "
        "WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = ? ORDER BY c.ORDINAL_POSITION",
    // A UNIQUE constraint is an index of its name here, and a foreign key without an index gets one.
    .indexes = "SELECT i.INDEX_NAME, i.INDEX_NAME, i.NON_UNIQUE = 0, i.COLUMN_NAME FROM "
               "information_schema.STATISTICS AS i "
               "WHERE i.TABLE_SCHEMA = DATABASE() AND i.TABLE_NAME = ? AND NOT EXISTS (SELECT 1 FROM "
               "information_schema.TABLE_CONSTRAINTS AS o WHERE o.TABLE_SCHEMA = i.TABLE_SCHEMA AND "
               "o.TABLE_NAME = i.TABLE_NAME "
               "AND o.CONSTRAINT_NAME = i.INDEX_NAME) ORDER BY i.INDEX_NAME, i.SEQ_IN_INDEX",
    .foreign_keys =
        "SELECT k.CONSTRAINT_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, "
        "k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE FROM information_schema.KEY_COLUMN_USAGE AS "
        "k "
        "JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA "
        "AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME "
        "WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL "
        "ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
    .uniques =
        "SELECT INDEX_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = "
        "DATABASE() "
        "AND TABLE_NAME = ? AND NON_UNIQUE = 0 AND INDEX_NAME <> 'PRIMARY' ORDER BY INDEX_NAME, SEQ_IN_INDEX",
};

} // namespace

mariadb_inspector::mariadb_inspector(connection& c) noexcept : catalogue_inspector(c, queries) {}

} // namespace kin::mariadb
