// SPDX-License-Identifier: MIT
#include "kin/postgresql/inspector.hpp"

namespace kin::postgresql {

namespace {

/// The table that a name means, as a condition on pg_class.
#define KIN_NAMED_TABLE                                                                                      \
    "c.relname = $1 AND c.relkind IN ('r', 'p') AND CASE $2 WHEN '' THEN "                                   \
    "pg_catalog.pg_table_is_visible(c.oid) ELSE c.relnamespace = "                                           \
    "(SELECT s.oid FROM pg_catalog.pg_namespace AS s WHERE s.nspname = $2) END "

/// SQL's words for a letter of the catalogue.
#define KIN_ACTION(letter)                                                                                   \
    "CASE " letter " WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' "          \
    "WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END"

constexpr catalogue_queries queries{
    .tables = "SELECT c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = "
              "c.relnamespace "
              "WHERE c.relkind IN ('r', 'p') AND n.nspname = COALESCE(NULLIF($1, ''), current_schema()) "
              "ORDER BY c.relname",
    .table = "SELECT 1 FROM pg_catalog.pg_class AS c WHERE " KIN_NAMED_TABLE,
    .columns = "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, "
               "COALESCE(pg_catalog.array_position(i.indkey::int2[], a.attnum) + 1, 0), "
               "pg_catalog.pg_get_expr(d.adbin, d.adrelid) "
               "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid "
               "LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary "
               "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum "
               "WHERE " KIN_NAMED_TABLE "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    .indexes =
        "SELECT x.relname, x.relname, i.indisunique, COALESCE(a.attname, '') "
        "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid "
        "JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid "
        "CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position) "
        "LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum "
        "WHERE " KIN_NAMED_TABLE "AND k.position <= i.indnkeyatts AND NOT EXISTS "
        "(SELECT 1 FROM pg_catalog.pg_constraint AS o WHERE o.conindid = x.oid AND o.conrelid = c.oid) "
        "ORDER BY x.relname, k.position",
    .foreign_keys = "SELECT o.conname, o.conname, a.attname, t.relname, f.attname, " KIN_ACTION(
        "o.confdeltype") ", " KIN_ACTION("o.confupdtype") ", CASE WHEN pg_catalog.pg_table_is_visible(t.oid) "
                                                          "THEN '' ELSE n.nspname END, "
                                                          "CASE WHEN o.condeferred THEN 2 WHEN "
                                                          "o.condeferrable THEN 1 ELSE 0 END "
                                                          "FROM pg_catalog.pg_class AS c JOIN "
                                                          "pg_catalog.pg_constraint AS o ON o.conrelid = "
                                                          "c.oid "
                                                          "JOIN pg_catalog.pg_class AS t ON t.oid = "
                                                          "o.confrelid JOIN pg_catalog.pg_namespace AS n ON "
                                                          "n.oid = t.relnamespace "
                                                          "CROSS JOIN LATERAL unnest(o.conkey, o.confkey) "
                                                          "WITH ORDINALITY AS k (own, other, position) "
                                                          "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = "
                                                          "c.oid AND a.attnum = k.own "
                                                          "JOIN pg_catalog.pg_attribute AS f ON f.attrelid = "
                                                          "t.oid AND f.attnum = k.other "
                                                          "WHERE " KIN_NAMED_TABLE
                                                          "AND o.contype = 'f' ORDER BY o.oid, k.position",
    .uniques = "SELECT o.conname, o.conname, a.attname "
               "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_constraint AS o ON o.conrelid = c.oid "
               "CROSS JOIN LATERAL unnest(o.conkey) WITH ORDINALITY AS k (own, position) "
               "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.own "
               "WHERE " KIN_NAMED_TABLE "AND o.contype = 'u' ORDER BY o.oid, k.position",
    // What depends on the type internally is its array.
    .type = "SELECT t.typtype = 'e', e.enumlabel, EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d WHERE "
            "d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (t.oid, t.typarray) "
            "AND d.deptype <> 'i') FROM pg_catalog.pg_type AS t LEFT JOIN pg_catalog.pg_enum AS e "
            "ON e.enumtypid = t.oid WHERE t.typname = $1 AND pg_catalog.pg_type_is_visible(t.oid) "
            "ORDER BY e.enumsortorder",
};

#undef KIN_ACTION
#undef KIN_NAMED_TABLE

} // namespace

postgresql_inspector::postgresql_inspector(connection& c) noexcept : catalogue_inspector(c, queries) {}

} // namespace kin::postgresql
