// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace kin::mariadb {

/// The names of things in a server's message. Those that it does not have are empty.
struct named_things {
    std::string table;
    std::string column; // several: "a, b"
    std::string constraint;
};

// MariaDB puts names in backticks or in apostrophes, and values, which can have any content, in apostrophes. So each reader knows the
// form of its messages and looks from the side where no value stands.

/// "Duplicate entry 'x' for key 'uq_user_name'"; MySQL 8: 'user.uq_user_name'.
[[nodiscard]] named_things names_of_duplicate(std::string_view message);
/// "... a foreign key constraint fails (`db`.`post`, CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES `user` (`id`))"
[[nodiscard]] named_things names_of_foreign_key(std::string_view message);
/// "CONSTRAINT `ck` failed for `db`.`user`"; MySQL 8: "Check constraint 'ck' is violated."
[[nodiscard]] named_things names_of_check(std::string_view message);
/// "Column 'name' cannot be null", "Field 'name' doesn't have a default value", "Data too long for column 'name' at row 1",
/// "Incorrect string value: '...' for column `db`.`user`.`name` at row 1"
[[nodiscard]] named_things names_of_column(std::string_view message);
/// "Unknown column 'user.name' in 'field list'"
[[nodiscard]] named_things names_of_unknown_column(std::string_view message);
/// "Table 'db.user' doesn't exist"
[[nodiscard]] named_things names_of_missing_table(std::string_view message);

/// A server's message without the values that stand in it, which are not for logs and pages: "Duplicate entry for key 'uq_user_name'", "Incorrect integer value
/// for column `n` at row 1".
[[nodiscard]] std::string without_values(std::string_view message);

} // namespace kin::mariadb
