// SPDX-License-Identifier: MIT
#include "value_of_object.hpp"

#include <memory>

#include "kin/base/error.hpp"
#include "link.hpp"
#include "member.hpp"

namespace kin::detail {

namespace {

class object_column final : public late_value {
public:
    object_column(node& n, std::uint32_t position) : object_(&n), position_(position) {}

    [[nodiscard]] value get() const override {
        node& n = *object_.raw();
        if (!has_key(n)) {
            throw state_error({.code = "no_key_yet",
                               .message = "a query compares with a " + n.type->class_name() +
                                          " that has no key yet; add it to the session and flush before",
                               .sql = {},
                               .table = n.type->table().name()});
        }
        const property& p = n.type->properties()[position_];
        if (!p.column->primary_key) freshen(n);
        scratch memory;
        return value(member_cell(n, p, memory));
    }

private:
    any_ref object_; // keeps the object alive as long as the query
    std::uint32_t position_;
};

} // namespace

expression value_of_object(node& n, std::uint32_t position) {
    return expression::of_late_value(std::make_shared<object_column>(n, position));
}

} // namespace kin::detail
