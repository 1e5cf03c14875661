// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/json.hpp"
#include "kin/sql/operators.hpp"

namespace kin {

namespace detail {

void append_json_step(std::string& path, std::string_view name);
void append_json_step(std::string& path, std::uint64_t position);

template <class T>
inline constexpr bool is_json_scalar = std::is_same_v<T, std::string> || std::is_same_v<T, bool> ||
                                       std::is_same_v<T, json> || (is_number<T> && storable<T>);
template <class Step>
inline constexpr bool is_json_step =
    is_string_like<Step> || (std::is_integral_v<Step> && !std::is_same_v<Step, bool>);

} // namespace detail

/// A place inside of a JSON column: `kin::col<&User::settings>.at("editor", "font", "size")`, in arrays by position from 0. The steps are
/// bound, never spliced. What it has is asked for with as<T>().
class json_element {
public:
    json_element(expression document, std::string path)
        : document_(std::move(document)),
          path_(std::move(path)) {}

    /// Further inside.
    template <class... Steps> [[nodiscard]] json_element at(const Steps&... steps) const {
        json_element inside = *this;
        (inside.go(steps), ...);
        return inside;
    }
    /// The value as std::string, bool, an integer, a floating-point number, or kin::json (whatever is there). NULL where there is
    /// none, and where it is of another JSON type: a number is not read as text, nor text as a number.
    template <class T> [[nodiscard]] sql_expression<std::optional<T>> as() const {
        static_assert(detail::is_json_scalar<T>,
                      "kin: as<T>() reads std::string, bool, numbers and kin::json out of a document");
        if constexpr (detail::is_json_scalar<T>) {
            return sql_expression<std::optional<T>>(
                expression::json_value(document_, path_, codec<T>::type.kind));
        } else {
            return {};
        }
    }
    /// There is a value, be it null.
    [[nodiscard]] predicate exists() const { return as<json>().is_not_null(); }

private:
    template <class Step> void go(const Step& step) {
        static_assert(detail::is_json_step<Step>,
                      "kin: a step into a document is the name of a member, or the position of an element");
        if constexpr (detail::is_string_like<Step>)
            detail::append_json_step(path_, std::string_view(step));
        else if constexpr (detail::is_json_step<Step>)
            detail::append_json_step(path_, static_cast<std::uint64_t>(step));
    }

    expression document_;
    std::string path_;
};

template <class Derived, class T>
template <class... Steps>
json_element operand<Derived, T>::at(const Steps&... steps) const {
    static_assert(sql_is_json<Derived>, "kin: only a JSON document can be looked into with at()");
    return json_element(self(), {}).at(steps...);
}

} // namespace kin
