// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/base/field.hpp"
#include "kin/base/reflect.hpp"
#include "kin/mapping/checks.hpp"
#include "kin/mapping/describe.hpp"
#include "kin/mapping/mapper.hpp"
#include "kin/mapping/mapper_builder.hpp"
#include "kin/mapping/model_options.hpp"

namespace kin {

/// The mapper of class `T`: made at the first call, from the members of `T` and `describe(kin::mapping<T>&)`; lives until the
/// process ends. To compile a model's mapping only once in a large program, declare
/// `extern template const kin::mapper& kin::mapper_of<User>();` beside the model and instantiate it in one .cpp.
template <class T> const mapper& mapper_of();

namespace detail {

/// Whether both members are written as the same cell.
[[nodiscard]] bool encode_alike(bool (*encode)(const void* member, encoder out), const void* a,
                                const void* b);

template <class M> struct member_functions {
    static bool encode(const void* member, encoder out) {
        return codec<M>::encode(*static_cast<const M*>(member), out);
    }
    static bool decode(void* member, const cell& in) {
        return codec<M>::decode(*static_cast<M*>(member), in);
    }
    static void reset(void* member) { *static_cast<M*>(member) = M{}; }
    static void take(void* member, void* from) {
        *static_cast<M*>(member) = std::move(*static_cast<M*>(from));
    }
    static bool is_default(const void* member) {
        const M made{};
        return encode_alike(&encode, member, &made);
    }
};

template <class M> bool encode_member(const M& member, cell*& out, scratch& memory) {
    if constexpr (is_relationship<M>) {
        return true;
    } else {
        return codec<M>::encode(member, encoder{*out++, memory});
    }
}
template <class M> bool decode_member(M& member, const cell*& in) {
    if constexpr (is_relationship<M>) {
        return true;
    } else {
        return codec<M>::decode(member, *in++);
    }
}

/// Row by row through the properties: for classes that describe alone maps.
std::uint32_t encode_by_property(const mapper& m, const void* object, cell* out, scratch& memory);
std::uint32_t decode_by_property(const mapper& m, void* object, const cell* in);

template <class T> class_functions functions_of() {
    class_functions f;
    f.size = sizeof(T);
    f.construct = [](void* object) { ::new (object) T{}; };
    f.destroy = [](void* object) noexcept { static_cast<T*>(object)->~T(); };
    if constexpr (reflect::reflectable<T>) {
        f.encode = [](const mapper&, const void* object, cell* out, scratch& memory) -> std::uint32_t {
            return reflect::visit(*static_cast<const T*>(object), [&](const auto&... m) -> std::uint32_t {
                cell* next = out;
                const bool ok = (encode_member(m, next, memory) && ...);
                return static_cast<std::uint32_t>(next - out) - (ok ? 0u : 1u);
            });
        };
        f.decode = [](const mapper&, void* object, const cell* in) -> std::uint32_t {
            return reflect::visit(*static_cast<T*>(object), [&](auto&... m) -> std::uint32_t {
                const cell* next = in;
                const bool ok = (decode_member(m, next) && ...);
                return static_cast<std::uint32_t>(next - in) - (ok ? 0u : 1u);
            });
        };
    } else {
        f.encode = encode_by_property;
        f.decode = decode_by_property;
    }
    return f;
}

/// What member number `I` of `T`, an `M`, says. All has been checked.
template <class T, std::size_t I, class M> consteval member_facts facts_of_member() {
    constexpr std::string_view name = reflect::member_name<T, I>();
    if constexpr (is_many_to_many<M>) {
        constexpr std::size_t at = other_links<T, typename M::target_type, M::other>().member;
        if constexpr (at != not_found)
            return facts_of_relationship<M>(name, reflect::member_name<typename M::target_type, at>());
        else
            return facts_of_relationship<M>(name, name_of_spec<M::other>());
    } else if constexpr (is_referred_to<M>) {
        using many = typename M::target_type;
        constexpr std::size_t at = other_side<T, many, M::other>().member;
        if constexpr (at != not_found)
            return facts_of_relationship<M>(name, reflect::member_name<many, at>());
        else
            return facts_of_relationship<M>(name, name_of_spec<M::other>());
    } else if constexpr (is_belongs_to<M>) {
        constexpr std::size_t at = key_member<T, typename M::target_type, M::key, I>().member;
        if constexpr (at != not_found)
            return facts_of_relationship<M>(name, reflect::member_name<T, at>());
        else
            return facts_of_relationship<M>(name, {});
    } else {
        return {name, &facts_of_column<M>};
    }
}

template <class T, class... M, std::size_t... I>
void add_members_of(mapper_builder& builder, type_list<M...>, std::index_sequence<I...>) {
    static constexpr member_facts facts[] = {facts_of_member<T, I, M>()...};
    const T sample{};
    reflect::visit(sample, [&](const auto&... member) {
        const char* base = reinterpret_cast<const char*>(&sample);
        const std::size_t offsets[] = {
            static_cast<std::size_t>(reinterpret_cast<const char*>(&member) - base)...};
        add_members(builder, facts, offsets);
    });
}

template <class T> mapper* build_mapper() {
    std::string table_name(reflect::table_name<T>());
    mapper* m = new mapper(reflect::type_name<T>(), std::move(table_name), functions_of<T>());
    mapper_builder builder(*m);
    constexpr auto members = seen_members<T>();
    if constexpr (members.size != 0)
        add_members_of<T>(builder, members, std::make_index_sequence<members.size>{});
    mapping<T> description(builder);
    apply_options<T>(description);
    if constexpr (requires { describe(description); }) describe(description);
    builder.finish();
    return m;
}

/// The mapper, ready for use. Throws: mapping_error.
template <class T> const mapper& configured_mapper() {
    const mapper& m = mapper_of<T>();
    if (!m.is_configured()) [[unlikely]]
        m.configure();
    return m;
}

} // namespace detail

template <class T> const mapper& mapper_of() {
    static_assert(std::is_same_v<T, std::remove_cv_t<T>>, "kin: name the model without const");
    if (false) detail::check_mapping<T>(detail::seen_members<T>());
    if constexpr (detail::can_be_mapped<T>()) {
        static const mapper* const m =
            detail::build_mapper<T>(); // never destroyed: objects may outlive main()
        return *m;
    }
    __builtin_unreachable();
}

} // namespace kin
