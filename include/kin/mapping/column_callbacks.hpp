// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace kin {

struct cell;
class expression;
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

/// Makes the value of a column: a function given to `m.column<&Post::slug>().insert_default(...)`. Threads share it.
class value_maker {
public:
    virtual ~value_maker() = default;
    /// Puts the value into `member`, a member of that type, and leaves it alone when the function throws. `object` may be null unless
    /// column_default::needs_object.
    virtual void make(const void* object, void* member) const = 0;
};

/// Gives the SQL that a function returns, which may name columns: asked when the mapper is configured.
class sql_source {
public:
    virtual ~sql_source() = default;
    [[nodiscard]] virtual expression get() const = 0;
};

/// When a default counts.
enum class moment_of_default : bool { insert, update };

} // namespace kin
