// SPDX-License-Identifier: MIT
// Values of which nothing has to be made when they are read.
#include <gtest/gtest.h>

#include <string>

#include "kin/mariadb/row.hpp"

namespace {

using kin::cell;
using kin::cell_kind;
using kin::mariadb::plain_column_of;
using kin::mariadb::read_plain;

constexpr unsigned utf8mb4 = 45;
constexpr unsigned binary = 63;

MYSQL_FIELD field_of(enum_field_types type, unsigned charset = binary, unsigned flags = 0) {
    MYSQL_FIELD f{};
    f.type = type;
    f.charsetnr = charset;
    f.flags = flags;
    return f;
}

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

TEST(mariadb_plain_values, are_those_whose_bytes_are_the_value) {
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_LONG)).kind, cell_kind::integer);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_LONGLONG)).kind, cell_kind::integer);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_LONG, binary, UNSIGNED_FLAG)).kind, cell_kind::null);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_LONGLONG, binary, UNSIGNED_FLAG)).kind, cell_kind::null);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_VAR_STRING, utf8mb4)).kind, cell_kind::text);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_VAR_STRING)).kind, cell_kind::blob);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_BLOB, utf8mb4)).kind, cell_kind::text);
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_TINY)).kind, cell_kind::null) << "may be a truth value";
    EXPECT_EQ(plain_column_of(field_of(MYSQL_TYPE_DATETIME)).kind, cell_kind::null);
}

TEST(mariadb_plain_values, numbers_are_read_in_their_width) {
    constexpr std::string_view wide("\xFE\xFF\xFF\xFF\x01\0\0\0", 8);
    const std::string bytes(wide);
    EXPECT_EQ(read_plain(plain_column_of(field_of(MYSQL_TYPE_LONG)), bytes_of(bytes), 4).integer, -2);
    EXPECT_EQ(read_plain(plain_column_of(field_of(MYSQL_TYPE_LONGLONG)), bytes_of(bytes), 8).integer,
              0x1'FFFF'FFFE);
}

TEST(mariadb_plain_values, bytes_stand_behind_their_length) {
    const auto text = plain_column_of(field_of(MYSQL_TYPE_VAR_STRING, utf8mb4));
    for (const std::size_t size : {0U, 1U, 250U, 251U, 65'535U, 65'536U, 16'777'216U}) {
        std::string wire = size < 251          ? std::string(1, static_cast<char>(size))
                           : size < 65'536     ? std::string(3, '\xFC')
                           : size < 16'777'216 ? std::string(4, '\xFD')
                                               : std::string(9, '\xFE');
        const std::size_t prefix = wire.size();
        wire.append(size, 'a');
        const cell c = read_plain(text, bytes_of(wire), size);
        EXPECT_EQ(c.kind, cell_kind::text);
        EXPECT_EQ(c.bytes(), std::string_view(wire).substr(prefix)) << size;
    }
}

} // namespace
