// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kin {

struct cell;
namespace detail {
struct node;
}

/// Says whether a column may have a value: a function given to `m.column<&User::name>().validate(...)`. Threads share it.
class column_validator {
public:
    explicit column_validator(std::string demand) : demand_(std::move(demand)) {}
    virtual ~column_validator() = default;
    /// `object` has the member `member`. May throw instead of saying no.
    [[nodiscard]] virtual bool accepts(const void* object, const void* member) const = 0;
    /// What a value must be, for the error; may be empty.
    [[nodiscard]] const std::string& demand() const noexcept { return demand_; }

private:
    std::string demand_;
};

/// Hears that a column is about to be written with a new value: a function given to `m.column<&User::name>().on_set(...)`.
class column_set_handler {
public:
    virtual ~column_set_handler() = default;
    /// `before`: what the row has; null for an object without a row.
    virtual void call(detail::node& owner, const cell* before, const void* member) const = 0;
};

/// What `describe` says about the values of one column.
struct column_rules {
    std::vector<std::unique_ptr<column_validator>> validators = {};
    std::vector<std::unique_ptr<column_set_handler>> set_handlers = {};
};

} // namespace kin
