// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/codec.hpp"
#include "kin/base/reflect.hpp"
#include "kin/mapping/member_search.hpp"

/// What the compiler can say about a model before anything runs. Each check fires once and names the model and the member.
namespace kin {

template <class T> class mapping;

} // namespace kin

namespace kin::detail {

/// "User.posts": so that a failed check shows which member it is about.
template <class Model, std::size_t I> consteval auto qualified_name() {
    constexpr std::string_view model = reflect::type_name<Model>();
    constexpr std::string_view member = reflect::member_name<Model, I>();
    name_literal<model.size() + member.size() + 2> whole;
    std::size_t at = 0;
    for (const char c : model) whole.text[at++] = c;
    whole.text[at++] = '.';
    for (const char c : member) whole.text[at++] = c;
    return whole;
}

// The conditions of the static_asserts below. Compilers print them with their arguments, which name what is wrong.
template <class Model> inline constexpr bool is_defined = false;
template <name_literal Member, class Type> inline constexpr bool can_be_stored = false;
template <name_literal Member, class Type> inline constexpr bool may_have_precision = false;
template <name_literal Member, class Enum> inline constexpr bool has_a_native_type = false;
template <name_literal Member, class Target> inline constexpr bool sees_definition = false;
template <name_literal Member, class Target> inline constexpr bool finds_named_member = false;
template <name_literal Member, class Target> inline constexpr bool finds_other_side = false;
template <name_literal Member, class Target> inline constexpr bool finds_one_other_side = false;
template <name_literal Member, class Target> inline constexpr bool finds_foreign_key = false;
template <name_literal Member, class Target> inline constexpr bool finds_one_foreign_key = false;

/// Says what is wrong with `Member`, once. `M` is its type; `Target` the model that it refers to.
template <fault What, name_literal Member, class M, class Target> consteval void refuse() {
    if constexpr (What == fault::unknown_type && field_traits<M>::digits.digits != 0) {
        static_assert(may_have_precision<Member, M>,
                      "kin: kin::precision is for a kin::decimal; make the member one, or leave it out");
    } else if constexpr (What == fault::unknown_type && names_no_native_type<unwrapped_t<M>>) {
        static_assert(has_a_native_type<Member, unwrapped_t<M>>,
                      "kin: enum_type_name names a native type, and this enumeration has none; say "
                      "enum_stored_as<...> = kin::enum_storage::native, too");
    } else if constexpr (What == fault::unknown_type) {
        static_assert(can_be_stored<Member, M>,
                      "kin: this member has a type that kin cannot store; specialise "
                      "kin::codec<Type>, or make it a relationship");
    } else if constexpr (What == fault::incomplete_target) {
        static_assert(sees_definition<Member, Target>,
                      "kin: the model that this member refers to is only "
                      "forward-declared here; include the header that defines it");
    } else if constexpr (is_many_to_many<M>) {
        if constexpr (What == fault::several_candidates)
            static_assert(finds_one_other_side<Member, Target>,
                          "kin: many_to_many<T>: T has several many_to_many back to this "
                          "model; name one: many_to_many<T, \"member\">");
        else if constexpr (What == fault::no_such_member)
            static_assert(finds_named_member<Member, Target>,
                          "kin: many_to_many<T, \"member\">: T has no member of that "
                          "name; name its many_to_many");
        else
            static_assert(finds_other_side<Member, Target>,
                          "kin: many_to_many<T, member>: that is not a many_to_many with this "
                          "model in T; name the one that is");
    } else if constexpr (is_referred_to<M>) {
        if constexpr (What == fault::no_candidate)
            static_assert(finds_other_side<Member, Target>,
                          "kin: has_many<T>, has_one<T>: T has no belongs_to back to this "
                          "model; add kin::belongs_to<ThisModel> to T");
        else if constexpr (What == fault::several_candidates)
            static_assert(finds_one_other_side<Member, Target>,
                          "kin: has_many<T>: T has several belongs_to to this "
                          "model; name one: has_many<T, \"member\">");
        else if constexpr (What == fault::no_such_member)
            static_assert(finds_named_member<Member, Target>,
                          "kin: has_many<T, \"member\">: T has no member of that "
                          "name; name its belongs_to");
        else
            static_assert(finds_other_side<Member, Target>,
                          "kin: has_many<T, member>: that is not a belongs_to this "
                          "model in T; name the one that is");
    } else {
        if constexpr (What == fault::no_candidate)
            static_assert(finds_foreign_key<Member, Target>,
                          "kin: belongs_to<T>: this model has no foreign key to "
                          "T; add kin::foreign_key<&T::id>");
        else if constexpr (What == fault::several_candidates)
            static_assert(finds_one_foreign_key<Member, Target>,
                          "kin: belongs_to<T>: this model has several foreign "
                          "keys to T; name one: belongs_to<T, \"key\">");
        else if constexpr (What == fault::no_such_member)
            static_assert(finds_named_member<Member, Target>,
                          "kin: belongs_to<T, \"key\">: this model has no member "
                          "of that name; name its kin::foreign_key<&T::id>");
        else
            static_assert(finds_foreign_key<Member, Target>,
                          "kin: belongs_to<T, key>: that is not a foreign key to T in "
                          "this model; declare it kin::foreign_key<&T::id>");
    }
}

template <class Model>
inline constexpr bool has_a_fit_number_of_members =
    reflect::member_count<Model> <= reflect::detail::most_members;

/// The types of the members that kin sees for itself.
template <class Model> consteval auto seen_members() {
    if constexpr (!reflect::reflectable<Model>) {
        return type_list<>{};
    } else if constexpr (has_a_fit_number_of_members<Model>) {
        return member_types<Model>{};
    } else {
        return type_list<>{};
    }
}
/// The model that member `M` of `Model` refers to; `Model` itself for a plain column.
template <class Model, class M> consteval auto related_model() {
    if constexpr (is_relationship<M>) {
        return std::type_identity<typename M::target_type>{};
    } else if constexpr (field_traits<M>::is_foreign_key) {
        return std::type_identity<typename field_traits<M>::target_class>{};
    } else {
        return std::type_identity<Model>{};
    }
}
template <class Model, class M> using related_model_t = typename decltype(related_model<Model, M>())::type;

/// What is wrong with member number `I` of `Model`, an `M`.
template <class Model, std::size_t I, class M> consteval fault fault_of_member() {
    if constexpr (is_view_many<M>) {
        return complete<typename M::target_type> ? fault::none : fault::incomplete_target;
    } else if constexpr (is_referred_to<M>) {
        return other_side<Model, typename M::target_type, M::other>().what;
    } else if constexpr (is_many_to_many<M>) {
        return other_links<Model, typename M::target_type, M::other>().what;
    } else if constexpr (is_belongs_to<M>) {
        return key_member<Model, typename M::target_type, M::key, I>().what;
    } else if constexpr (!storable<M>) {
        return fault::unknown_type;
    } else if constexpr (field_traits<M>::is_foreign_key) {
        return complete<typename field_traits<M>::target_class> ? fault::none : fault::incomplete_target;
    } else {
        return fault::none;
    }
}
/// The first member with a fault.
struct faulty_member {
    std::size_t position = not_found;
    fault what = fault::none;
};
template <class Model, class... M, std::size_t... I>
consteval faulty_member find_fault(type_list<M...>, std::index_sequence<I...>) {
    faulty_member first;
    [[maybe_unused]] const auto is_faulty = [&](std::size_t position, fault what) {
        first = {position, what};
        return what != fault::none;
    };
    return (is_faulty(I, fault_of_member<Model, I, M>()) || ...) ? first : faulty_member{};
}

/// Has a function `describe(kin::mapping<T>&)` beside it.
template <class T>
concept described = requires(mapping<T>& m) { describe(m); };
template <class T> inline constexpr bool has_description = described<T>;

template <class Model>
concept mappable_class =
    complete<Model> && std::is_class_v<Model> && std::is_default_constructible_v<Model> &&
    alignof(Model) <= 16 &&
    (reflect::reflectable<Model> ? has_a_fit_number_of_members<Model> : described<Model>);

/// Whether `Model` can be mapped. Silent: check_mapping says why not.
template <class Model> consteval bool can_be_mapped() {
    if constexpr (mappable_class<Model>) {
        constexpr auto members = seen_members<Model>();
        return find_fault<Model>(members, std::make_index_sequence<members.size>{}).what == fault::none;
    } else {
        return false;
    }
}

/// Says what is wrong with the mapping of `Model`, and of all that it refers to. Never called: instantiating it is enough, and it
/// instantiates itself for the related models, which keeps the compilers' account of how they came there short.
template <class Model, class... M> void check_mapping(type_list<M...>) {
    if constexpr (!complete<Model>) {
        static_assert(is_defined<Model>,
                      "kin: this model is only forward-declared here; include the header that defines it");
    } else if constexpr (!std::is_class_v<Model>) {
        static_assert(std::is_class_v<Model>, "kin: a model is a class; name one of yours");
    } else if constexpr (!std::is_default_constructible_v<Model>) {
        static_assert(
            std::is_default_constructible_v<Model>,
            "kin: this model has no default constructor; give it one, so that kin can make objects");
    } else if constexpr (alignof(Model) > 16) {
        static_assert(alignof(Model) <= 16, "kin: models may not be aligned beyond 16 bytes");
    } else if constexpr (!mappable_class<Model> && reflect::reflectable<Model>) {
        static_assert(has_a_fit_number_of_members<Model>,
                      "kin: this model has more than 128 members; move some into a model of their own");
    } else if constexpr (!mappable_class<Model>) {
        static_assert(has_description<Model>,
                      "kin: this class has a base, a constructor or private members, so its columns must be "
                      "named in a function beside it: void describe(kin::mapping<Class>&)");
    } else {
        constexpr faulty_member faulty =
            find_fault<Model>(type_list<M...>{}, std::index_sequence_for<M...>{});
        if constexpr (faulty.what != fault::none) {
            using member = typename type_at<faulty.position, type_list<M...>>::type;
            refuse<faulty.what, qualified_name<Model, faulty.position>(), member,
                   related_model_t<Model, member>>();
        } else if (false) {
            (check_mapping<related_model_t<Model, M>>(seen_members<related_model_t<Model, M>>()), ...);
        }
    }
}

} // namespace kin::detail
