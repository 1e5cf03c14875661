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

/// What the compiler can say about a model before anything runs. Each check fires once and names the model and the member.
namespace kin::detail {

template <class... T> struct type_list {
    static constexpr std::size_t size = sizeof...(T);
};
struct collect_types {
    template <class... M> constexpr type_list<M...> operator()(M&...) const noexcept { return {}; }
};
template <class T>
using member_types = decltype(reflect::visit(std::declval<T&>(), std::declval<collect_types>()));

template <class M> inline constexpr bool is_has_many = false;
template <class T, auto K> inline constexpr bool is_has_many<has_many<T, K>> = true;
template <class M> inline constexpr bool is_belongs_to = false;
template <class T, auto K> inline constexpr bool is_belongs_to<belongs_to<T, K>> = true;
template <class M> inline constexpr bool is_relationship = is_has_many<M> || is_belongs_to<M>;

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

/// The answer of a check: whether to go on, and the name of the member on the other side (empty: found later).
struct verdict {
    bool ok = false;
    std::string_view member = {};
};

template <class One, class Many, class Other> consteval verdict check_has_many_by(Other) {
    return {true, {}};
}

/// `Member` (a literal naming the member of `One`) is a has_many<Many, Other>.
template <class One, class Many, auto Other> consteval verdict check_has_many() {
    if constexpr (!complete<Many>) {
        static_assert(complete<Many>,
                      "kin: this model is only forward-declared here; include the header that defines it");
        return {};
    } else if constexpr (!std::is_same_v<std::remove_cv_t<decltype(Other)>, inferred>) {
        constexpr std::size_t at = member_of_spec<Many, Other>();
        if constexpr (at == not_found) {
            static_assert(at != not_found,
                          "kin: has_many<T, \"member\">: T has no member of that name; name its belongs_to");
            return {};
        } else {
            constexpr bool fits = belongs_to_model<typename type_at<at, member_types<Many>>::type, One>;
            static_assert(fits, "kin: has_many<T, \"member\">: that member of T is not a belongs_to this "
                                "model; name the one that is");
            return {fits, reflect::member_name<Many, at>()};
        }
    } else {
        constexpr found f = find_members<belongs_to_test<One>::template test>(member_types<Many>{});
        static_assert(
            f.count != 0,
            "kin: has_many<T>: T has no belongs_to back to this model; add kin::belongs_to<Model> to T");
        static_assert(
            f.count <= 1,
            "kin: has_many<T>: T has several belongs_to to this model; name one: has_many<T, \"member\">");
        if constexpr (f.count == 1) {
            return {true, reflect::member_name<Many, f.last>()};
        } else {
            return {};
        }
    }
}

/// `Many` has a belongs_to<One, Key> in its member number `I`.
template <class Many, class One, auto Key, std::size_t I> consteval verdict check_belongs_to() {
    if constexpr (!complete<One>) {
        static_assert(complete<One>,
                      "kin: this model is only forward-declared here; include the header that defines it");
        return {};
    } else if constexpr (!std::is_same_v<std::remove_cv_t<decltype(Key)>, inferred>) {
        constexpr std::size_t at = member_of_spec<Many, Key>();
        if constexpr (at == not_found) {
            static_assert(at != not_found, "kin: belongs_to<T, \"key\">: this model has no member of that "
                                           "name; name its foreign_key<&T::...>");
            return {};
        } else {
            constexpr bool fits = foreign_key_to<typename type_at<at, member_types<Many>>::type, One>();
            static_assert(fits, "kin: belongs_to<T, key>: that member is not a foreign_key to T; declare it "
                                "kin::foreign_key<&T::id>");
            return {fits, reflect::member_name<Many, at>()};
        }
    } else {
        constexpr found f = find_members<foreign_key_test<One>::template test>(member_types<Many>{});
        static_assert(f.count != 0,
                      "kin: belongs_to<T>: this model has no foreign_key<&T::...> column; add one");
        if constexpr (f.count == 1) {
            return {true, reflect::member_name<Many, f.last>()};
        } else if constexpr (f.count > 1) {
            constexpr std::string_view own = reflect::member_name<Many, I>();
            constexpr std::size_t at = [] {
                char wanted[256]{};
                std::size_t n = 0;
                for (const char c : own) wanted[n++] = c;
                for (const char c : {'_', 'i', 'd'}) wanted[n++] = c;
                return member_named<Many>(std::string_view(wanted, n));
            }();
            static_assert(at != not_found, "kin: belongs_to<T>: several foreign keys to T; name one: "
                                           "belongs_to<T, &Model::key> or belongs_to<T, \"key\">");
            if constexpr (at != not_found) {
                return {true, reflect::member_name<Many, at>()};
            } else {
                return {};
            }
        } else {
            return {};
        }
    }
}

template <class Model, class Member, name_literal Name> consteval bool check_storable() {
    static_assert(storable<Member>,
                  "kin: this member has a type that kin cannot store; specialise kin::codec<Type>, "
                  "or make it a relationship");
    return storable<Member>;
}
template <class Model, std::size_t I> consteval auto literal_of() {
    constexpr std::string_view name = reflect::member_name<Model, I>();
    name_literal<name.size() + 1> literal;
    for (std::size_t i = 0; i < name.size(); ++i) literal.text[i] = name[i];
    return literal;
}

} // namespace kin::detail
