// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/codec.hpp"
#include "kin/base/field.hpp"
#include "kin/base/reflect.hpp"
#include "kin/mapping/belongs_to.hpp"
#include "kin/mapping/has_many.hpp"
#include "kin/mapping/has_map.hpp"
#include "kin/mapping/has_one.hpp"
#include "kin/mapping/many_to_many.hpp"
#include "kin/mapping/view_many.hpp"

/// What kind of member each member of a model is, and which member of which model a relationship refers to.
namespace kin::detail {

template <class... T> struct type_list {
    static constexpr std::size_t size = sizeof...(T);
};
struct collect_types {
    template <class... M> constexpr type_list<M...> operator()(M&...) const noexcept { return {}; }
};
template <class T>
using member_types = decltype(reflect::visit(std::declval<T&>(), std::declval<collect_types>()));

/// has_many and has_one: the other class carries the foreign key.
template <class M> inline constexpr bool is_referred_to = false;
template <class T, auto K> inline constexpr bool is_referred_to<has_many<T, K>> = true;
template <class T, auto K> inline constexpr bool is_referred_to<has_one<T, K>> = true;
template <class T, auto Key, auto K> inline constexpr bool is_referred_to<has_map<T, Key, K>> = true;
template <class M> inline constexpr bool is_view_many = false;
template <class T> inline constexpr bool is_view_many<view_many<T>> = true;
template <class M> inline constexpr bool is_has_one = false;
template <class T, auto K> inline constexpr bool is_has_one<has_one<T, K>> = true;
template <class M> inline constexpr bool is_many_to_many = false;
template <class T, auto K> inline constexpr bool is_many_to_many<many_to_many<T, K>> = true;
template <class M> inline constexpr bool is_belongs_to = false;
template <class T, auto K> inline constexpr bool is_belongs_to<belongs_to<T, K>> = true;
template <class M>
inline constexpr bool is_relationship =
    is_referred_to<M> || is_belongs_to<M> || is_many_to_many<M> || is_view_many<M>;

/// Member `M` is a many_to_many with the model `One`.
template <class M, class One> inline constexpr bool links_to_model = false;
template <class One, auto K> inline constexpr bool links_to_model<many_to_many<One, K>, One> = true;
/// Member `M` is a belongs_to the model `One`.
template <class M, class One> inline constexpr bool belongs_to_model = false;
template <class One, auto K> inline constexpr bool belongs_to_model<belongs_to<One, K>, One> = true;
/// Member `M` is a foreign key to the model `One`.
template <class M, class One> consteval bool foreign_key_to() {
    if constexpr (field_traits<M>::is_foreign_key) {
        return std::is_same_v<typename field_traits<M>::target_class, One>;
    } else {
        return false;
    }
}

template <class K> inline constexpr bool is_name = false;
template <std::size_t N> inline constexpr bool is_name<name_literal<N>> = true;

template <class T>
concept complete = requires { sizeof(T); };

inline constexpr std::size_t not_found = static_cast<std::size_t>(-1);

/// Number of members of `Model` for which `Test<Member>` holds, and the last such member.
struct found {
    std::size_t count = 0;
    std::size_t last = not_found;
};
template <template <class> class Test, class... M> consteval found find_members(type_list<M...>) {
    found f;
    std::size_t i = 0;
    ((Test<M>::value ? (++f.count, f.last = i++, 0) : (++i, 0)), ...);
    return f;
}
template <class One> struct belongs_to_test {
    template <class M> struct test {
        static constexpr bool value = belongs_to_model<M, One>;
    };
};
template <class One> struct links_to_test {
    template <class M> struct test {
        static constexpr bool value = links_to_model<M, One>;
    };
};
template <class One> struct foreign_key_test {
    template <class M> struct test {
        static constexpr bool value = foreign_key_to<M, One>();
    };
};

template <class Model, std::size_t... I>
consteval std::size_t member_named(std::string_view name, std::index_sequence<I...>) {
    std::size_t at = not_found;
    ((reflect::member_name<Model, I>() == name ? (at = I, 0) : 0), ...);
    return at;
}
template <class Model> consteval std::size_t member_named(std::string_view name) {
    return member_named<Model>(name, std::make_index_sequence<member_types<Model>::size>{});
}
/// The member that a key_spec names: by name or by pointer.
template <class Model, auto Spec> consteval std::size_t member_of_spec() {
    if constexpr (is_name<std::remove_cv_t<decltype(Spec)>>) {
        return member_named<Model>(Spec.view());
    } else {
        return reflect::index_of<Spec>();
    }
}

template <std::size_t I, class List> struct type_at;
template <std::size_t I, class... M> struct type_at<I, type_list<M...>> {
    static_assert(I < sizeof...(M));
    template <std::size_t N, class U> struct indexed {};
    template <class Is> struct all;
    template <std::size_t... N> struct all<std::index_sequence<N...>> : indexed<N, M>... {};
    template <std::size_t N, class U> static U pick(indexed<N, U>*);
    template <std::size_t N, class U> static std::type_identity<U> find(const indexed<N, U>&);
    using type = typename decltype(find<I>(all<std::index_sequence_for<M...>>{}))::type;
};

// ---- what each relationship refers to ----

/// What is wrong with a member of a model.
enum class fault {
    none,
    unknown_type,      // no column, and no relationship
    incomplete_target, // the other model is only forward-declared
    no_such_member,    // the second parameter names a member that is not there
    foreign_member,    // ... a member of another class
    unfit_member,      // ... a member that is no belongs_to this model, no foreign key to the target
    no_candidate,      // kin shall find it, and there is none
    several_candidates,
};
/// The member that a relationship refers to: has_many to the other side's belongs_to, belongs_to to its foreign key.
struct verdict {
    fault what = fault::none;
    std::size_t member = not_found;
};

/// Whether a key_spec is a pointer to a member of some other class than `Model`.
template <class Model, auto Spec> consteval bool points_elsewhere() {
    using pointer = std::remove_cv_t<decltype(Spec)>;
    if constexpr (std::is_member_object_pointer_v<pointer>) {
        return !std::is_same_v<typename member_pointer<pointer>::class_type, Model>;
    } else {
        return false;
    }
}
/// What `Spec` names among the members of `Model`; `Test` says whether it fits.
template <class Model, auto Spec, template <class> class Test> consteval verdict named_member() {
    if constexpr (points_elsewhere<Model, Spec>()) {
        return {fault::foreign_member};
    } else {
        constexpr std::size_t at = member_of_spec<Model, Spec>();
        if constexpr (at == not_found) {
            return {fault::no_such_member};
        } else {
            using member = typename type_at<at, member_types<Model>>::type;
            return {Test<member>::value ? fault::none : fault::unfit_member, at};
        }
    }
}
/// `user_id` for the member `user`.
template <class Model, std::size_t I> consteval std::size_t member_with_id() {
    constexpr std::string_view own = reflect::member_name<Model, I>();
    char wanted[own.size() + 3]{};
    for (std::size_t i = 0; i < own.size(); ++i) wanted[i] = own[i];
    for (std::size_t i = 0; i < 3; ++i) wanted[own.size() + i] = "_id"[i];
    return member_named<Model>(std::string_view(wanted, own.size() + 3));
}

template <auto Spec>
inline constexpr bool is_inferred = std::is_same_v<std::remove_cv_t<decltype(Spec)>, inferred>;

/// The belongs_to in `Many` that answers the has_many<Many, Other> of `One`.
template <class One, class Many, auto Other> consteval verdict other_side() {
    if constexpr (!complete<Many>) {
        return {fault::incomplete_target};
    } else if constexpr (!reflect::reflectable<Many>) {
        return {}; // mapped by describe alone: found, or not, when the mapper is configured
    } else if constexpr (!is_inferred<Other>) {
        return named_member<Many, Other, belongs_to_test<One>::template test>();
    } else {
        constexpr found f = find_members<belongs_to_test<One>::template test>(member_types<Many>{});
        return {f.count == 0   ? fault::no_candidate
                : f.count == 1 ? fault::none
                               : fault::several_candidates,
                f.last};
    }
}
/// The many_to_many in `Many` that answers a many_to_many<Many, Other> of `One`: the named one, else the only other one; none
/// is no fault.
template <class One, class Many, auto Other> consteval verdict other_links() {
    if constexpr (!complete<Many>) {
        return {fault::incomplete_target};
    } else if constexpr (!reflect::reflectable<Many>) {
        return {};
    } else if constexpr (!is_inferred<Other>) {
        return named_member<Many, Other, links_to_test<One>::template test>();
    } else if constexpr (std::is_same_v<One, Many>) {
        constexpr found f = find_members<links_to_test<One>::template test>(member_types<Many>{});
        return {f.count == 1 ? fault::none : fault::several_candidates};
    } else {
        constexpr found back = find_members<links_to_test<One>::template test>(member_types<Many>{});
        return {back.count <= 1 ? fault::none : fault::several_candidates, back.last};
    }
}
/// Whether the foreign keys of a model to `One` all refer to different members of it: together they may be its key.
template <class One, class... M> consteval bool refer_to_different_members(type_list<M...>) {
    std::string_view names[sizeof...(M)];
    std::size_t count = 0;
    const auto is_new = [&](std::string_view name) {
        for (std::size_t i = 0; i < count; ++i) {
            if (names[i] == name) return false;
        }
        names[count++] = name;
        return true;
    };
    const auto name_of = []<class F>(std::type_identity<F>) -> std::string_view {
        if constexpr (foreign_key_to<F, One>())
            return field_traits<F>::target_member();
        else
            return {};
    };
    return ((!foreign_key_to<M, One>() || is_new(name_of(std::type_identity<M>{}))) && ...);
}
/// The foreign key of the belongs_to<One, Key> that is member number `I` of `Many`.
template <class Many, class One, auto Key, std::size_t I> consteval verdict key_member() {
    if constexpr (!complete<One>) {
        return {fault::incomplete_target};
    } else if constexpr (!is_inferred<Key>) {
        return named_member<Many, Key, foreign_key_test<One>::template test>();
    } else {
        using members = member_types<Many>;
        constexpr found f = find_members<foreign_key_test<One>::template test>(members{});
        if constexpr (f.count <= 1) {
            return {f.count == 0 ? fault::no_candidate : fault::none, f.last};
        } else {
            constexpr std::size_t at = member_with_id<Many, I>();
            if constexpr (at != not_found) {
                if constexpr (foreign_key_to<typename type_at<at, members>::type, One>())
                    return {fault::none, at};
            }
            // A key of several columns: the mapper's configuration puts it together.
            if constexpr (refer_to_different_members<One>(members{})) return {};
            return {fault::several_candidates, f.last};
        }
    }
}

} // namespace kin::detail
