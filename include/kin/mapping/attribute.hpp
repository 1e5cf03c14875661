// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/codec.hpp"
#include "kin/base/field.hpp"
#include "kin/mapping/belongs_to.hpp"
#include "kin/mapping/has_many.hpp"
#include "kin/mapping/has_map.hpp"
#include "kin/mapping/has_one.hpp"
#include "kin/mapping/many_to_many.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/view_many.hpp"
#include "kin/sql/operators.hpp"
#include "kin/sql/select.hpp"

namespace kin {

template <class T> const mapper& mapper_of();

namespace detail {

template <class T> const mapper& configured_mapper();

template <auto Member>
using member_type = typename member_pointer<std::remove_cv_t<decltype(Member)>>::member_type;
template <auto Member>
using model_type = typename member_pointer<std::remove_cv_t<decltype(Member)>>::class_type;

/// Where `Member` lies in a `T`, measured on an object.
template <class T, auto Member> [[nodiscard]] std::size_t offset_of() {
    if constexpr (std::is_default_constructible_v<T>) {
        static const std::size_t offset = [] {
            const T sample{};
            return static_cast<std::size_t>(reinterpret_cast<const char*>(&(sample.*Member)) -
                                            reinterpret_cast<const char*>(&sample));
        }();
        return offset;
    } else {
        return 0; // mapper_of<T>() says that this cannot be mapped
    }
}

// `Class` is what Member says already. But g++ 12 gives a template whose only argument is a pointer to a member of a class in an unnamed
// namespace external linkage, so two files with a Note in such a namespace each would share it. With a type among the arguments it does not.
template <auto Member, class Class = model_type<Member>> [[nodiscard]] const column& column_of() {
    static const column& found = *mapper_of<Class>().property_at(offset_of<Class, Member>()).column;
    return found;
}
template <auto Member, class Class = model_type<Member>> [[nodiscard]] const relationship& relationship_of() {
    static const relationship& found = configured_mapper<Class>().relationship_at(offset_of<Class, Member>());
    return found;
}

/// EXISTS (SELECT 1 FROM the other table WHERE it is joined to this one AND `condition`).
[[nodiscard]] predicate related_exists(const relationship& r, predicate condition);
/// `r` (a belongs_to or has_one) refers to `target`, or to nobody. A belongs_to compares its foreign key, which IS NULL without a target. The key is asked for when the statement is compiled,
/// so a pending object will do: the flush before the query gives it one.
[[nodiscard]] predicate refers_to(const relationship& r, node* target);
/// `element` is in the collection: compares this row's key with the foreign key of `element`.
[[nodiscard]] predicate has_element(const relationship& r, node* element);
/// The objects of the far side that are in the collection `r` of `owner`.
[[nodiscard]] predicate is_in_collection(const relationship& r, node& owner);
/// The JOINs that lead along `r` to the other class: one, or by way of the table between, two.
[[nodiscard]] std::vector<join_clause> joins_along(const relationship& r, join_kind kind);

/// A column; many objects (has_many, many_to_many); one object (belongs_to, has_one).
enum class attribute_kind { column, many, one };
template <class M> inline constexpr attribute_kind kind_of_member = attribute_kind::column;
template <class T, auto K>
inline constexpr attribute_kind kind_of_member<has_many<T, K>> = attribute_kind::many;
template <class T, auto K>
inline constexpr attribute_kind kind_of_member<many_to_many<T, K>> = attribute_kind::many;
template <class T, auto Key, auto K>
inline constexpr attribute_kind kind_of_member<has_map<T, Key, K>> = attribute_kind::many;
template <class T> inline constexpr attribute_kind kind_of_member<view_many<T>> = attribute_kind::many;
template <class T, auto K>
inline constexpr attribute_kind kind_of_member<belongs_to<T, K>> = attribute_kind::one;
template <class T, auto K>
inline constexpr attribute_kind kind_of_member<has_one<T, K>> = attribute_kind::one;

template <class M> using attribute_value = nullable_if<unwrapped_t<M>, is_nullable<M>>;

/// Whether a column whose member is an `M` may be set to a `V`: the same kind of value, and no NULL where the column is NOT NULL.
template <class M, class V>
inline constexpr bool can_store = [] {
    using column_value = sql_value_t<attribute_value<M>>;
    if constexpr (is_null_constant<V>) {
        return is_nullable<M>;
    } else {
        using given = sql_value_t<V>;
        return same_sql_family<column_value, given> &&
               !(std::is_integral_v<column_value> && std::is_floating_point_v<given>) &&
               (is_nullable<M> || !can_be_null<V>);
    }
}();

template <auto Member>
inline constexpr bool is_relationship_member = kind_of_member<member_type<Member>> != attribute_kind::column;
template <auto Member> inline constexpr bool is_column_member = !is_relationship_member<Member>;

template <class M, class Class> [[nodiscard]] consteval bool leads_to() {
    if constexpr (kind_of_member<M> == attribute_kind::column)
        return false;
    else // the condition of a view may say anything about two objects
        return std::is_same_v<typename M::target_type, Class> && !std::is_same_v<M, view_many<Class>>;
}
/// A relationship of a class with itself, that goes on from each object in the same way.
template <auto Member, class Class = model_type<Member>>
inline constexpr bool is_tree_member = leads_to<member_type<Member>, Class>();

template <auto Member, class Class, attribute_kind Kind> class attribute_base;

template <class Relationship, class Other> inline constexpr bool refers_to_such = false;

/// Refuses comparisons of a relationship with what it does not refer to: otherwise compilers list every == there is.
class relationship_operand {
    template <class A, class Other>
        requires(std::is_base_of_v<relationship_operand, A> && !A::template takes<Other>)
    friend predicate operator==(const A&, const Other&) {
        return refuse<A, Other>();
    }
    template <class A, class Other>
        requires(std::is_base_of_v<relationship_operand, A> && !A::template takes<Other>)
    friend predicate operator!=(const A&, const Other&) {
        return refuse<A, Other>();
    }

protected:
    template <class A, class Other> static predicate refuse() {
        static_assert(
            refers_to_such<A, Other>,
            "kin: this relationship cannot be compared with that; write belongs_to == kin::ref of its class, "
            "or has_many.contains(ref)");
        return {};
    }
};

} // namespace detail

/// `kin::col<&User::name>`: a mapped member in a query. Columns compare, sort and calculate (see `operand`); relationships ask
/// about the other side with any(), has(), contains() and ==.
template <auto Member, class Class = detail::model_type<Member>>
class attribute
    : public detail::attribute_base<Member, Class, detail::kind_of_member<detail::member_type<Member>>> {
public:
    constexpr attribute() noexcept = default;
};

template <auto Member> inline constexpr attribute<Member> col{};

/// `kin::col<&Post::id>.desc()`: remembers the member, so that `describe` may use it before the other class is mapped.
template <auto Member, sort_direction Direction, class Class = detail::model_type<Member>>
class attribute_order {
public:
    [[nodiscard]] order_term term() const {
        return {detail::in_order<detail::member_type<Member>>(
                    expression::of_column(detail::column_of<Member, Class>())),
                Direction};
    }
    operator order_term() const { return term(); }
};

namespace detail {

template <auto Member, class Class>
class attribute_base<Member, Class, attribute_kind::column>
    : public operand<attribute<Member, Class>, attribute_value<member_type<Member>>> {
public:
    [[nodiscard]] expression as_expression() const {
        return expression::of_column(column_of<Member, Class>());
    }
    [[nodiscard]] attribute_order<Member, sort_direction::ascending, Class> asc() const { return {}; }
    [[nodiscard]] attribute_order<Member, sort_direction::descending, Class> desc() const { return {}; }

protected:
    constexpr attribute_base() noexcept = default;
};

template <auto Member, class Class>
class attribute_base<Member, Class, attribute_kind::many> : public relationship_operand {
public:
    template <class> static constexpr bool takes = false;
    using target = typename member_type<Member>::target_type;
    /// Has at least one. SQL: EXISTS (SELECT 1 ...)
    [[nodiscard]] predicate any() const { return related_exists(relationship_of<Member, Class>(), {}); }
    /// Has at least one for which `condition` holds.
    [[nodiscard]] predicate any(predicate condition) const {
        return related_exists(relationship_of<Member, Class>(), std::move(condition));
    }
    /// `element` is in the collection.
    [[nodiscard]] predicate contains(const ref<target>& element) const {
        return has_element(relationship_of<Member, Class>(), element.raw());
    }
    template <class Other>
        requires(!std::is_convertible_v<const Other&, ref<target>>)
    predicate contains(const Other&) const {
        return refuse<attribute<Member, Class>, Other>();
    }

protected:
    constexpr attribute_base() noexcept = default;
};

template <auto Member, class Class>
class attribute_base<Member, Class, attribute_kind::one> : public relationship_operand {
public:
    using target = typename member_type<Member>::target_type;
    template <class Other> static constexpr bool takes = std::is_convertible_v<const Other&, ref<target>>;
    /// There is one, and `condition` holds for it. SQL: EXISTS (SELECT 1 ...)
    [[nodiscard]] predicate has(predicate condition = {}) const {
        return related_exists(relationship_of<Member, Class>(), std::move(condition));
    }
    [[nodiscard]] predicate is_null() const { return refers_to(relationship_of<Member, Class>(), nullptr); }
    [[nodiscard]] predicate is_not_null() const { return !is_null(); }
    /// SQL: foreign key = key of `object`; IS NULL for a null ref.
    [[nodiscard]] friend predicate operator==(const attribute<Member, Class>&, const ref<target>& object) {
        return refers_to(relationship_of<Member, Class>(), object.raw());
    }
    [[nodiscard]] friend predicate operator!=(const attribute<Member, Class>&, const ref<target>& object) {
        return !refers_to(relationship_of<Member, Class>(), object.raw());
    }
    [[nodiscard]] friend predicate operator==(const attribute<Member, Class>& a, std::nullptr_t) {
        return a.is_null();
    }
    [[nodiscard]] friend predicate operator!=(const attribute<Member, Class>& a, std::nullptr_t) {
        return a.is_not_null();
    }

protected:
    constexpr attribute_base() noexcept = default;
};

} // namespace detail
} // namespace kin
