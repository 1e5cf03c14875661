// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/relationship.hpp"
#include "kin/sql/compiler.hpp"

namespace kin::detail {

/// SELECT of all columns of a class, in the order of its properties.
[[nodiscard]] select_statement select_of(const mapper& m);
/// ... for one primary key; one placeholder per key column.
[[nodiscard]] std::string select_by_key(const dialect& d, const mapper& m);
/// Whether the rows of many primary keys can be asked for with one array, so that the text does not depend on their number.
[[nodiscard]] bool asks_with_array(const dialect& d, const mapper& m);
/// ... for `keys` primary keys; one placeholder for in_one_array (key_batches.hpp), else one for each value.
[[nodiscard]] std::string select_by_keys(const dialect& d, const mapper& m, std::size_t keys);
/// The condition that a row has one of `keys` primary keys, with placeholders as in select_by_keys().
[[nodiscard]] predicate any_of_keys(const mapper& m, std::size_t keys);
/// Whether the rows on the far side of `r` can be asked for with one array of keys, so that the text does not depend on their number.
[[nodiscard]] bool asks_with_array(const dialect& d, const relationship& r);
/// Instead of a number of keys: all rows of the far side that refer to any row.
inline constexpr std::size_t all_keys = static_cast<std::size_t>(-1);
/// ... of the far side of `r`, as select_related(), with a condition of its own.
[[nodiscard]] select_statement related_select(const relationship& r, std::size_t keys,
                                              const predicate& condition);
/// ... of the far side of `r`, for `keys` key values; one placeholder for in_one_array, else one for each value. A many_to_many or view gives the
/// key of the near side as well, after the columns of the class. Its last parameters stand for the keys; before them may be those of a view.
[[nodiscard]] compiled_statement select_related(const dialect& d, const relationship& r, std::size_t keys);
/// The rows of the far side of `r`, for one key, to be counted. `with_objects`: conditions may speak of the objects; else a many_to_many
/// asks the table between alone.
[[nodiscard]] select_statement related_rows(const relationship& r, std::span<const cell> key,
                                            bool with_objects);

/// The texts of the statements that a session sends again and again.
class statement_texts {
public:
    [[nodiscard]] const std::string& by_key(const dialect& d, const mapper& m);
    [[nodiscard]] const std::string& by_keys(const dialect& d, const mapper& m, std::size_t keys);
    [[nodiscard]] const compiled_statement& related(const dialect& d, const relationship& r,
                                                    std::size_t keys);

private:
    const mapper* last_ = nullptr;
    const std::string* last_text_ = nullptr;
    std::map<const mapper*, std::string> by_key_;
    std::map<std::pair<const mapper*, std::size_t>, std::string> by_keys_;
    std::map<std::pair<const relationship*, std::size_t>, compiled_statement> related_;
};

} // namespace kin::detail
