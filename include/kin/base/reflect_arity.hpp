// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

// What C++20 cannot say for a number of members that is not known: `T{{}, {}}` and `auto& [a, b] = object`, written out for
// 0 to 128 members. Eight rows make a block: head (the full blocks before) and up to eight names.

namespace kin::reflect::detail {

inline constexpr std::size_t most_members = 128;

/// `fits`: T can be made from that many pairs of braces. `visit`: calls `function(member&...)`.
template <std::size_t Count> struct arity;

template <> struct arity<0> {
    template <class T> static constexpr bool fits = requires { T{}; };
    template <class T, class Function> static constexpr decltype(auto) visit(T&, Function&& function) {
        return function();
    }
};

#define KIN_STRIP(...) __VA_ARGS__
#define KIN_ARITY(COUNT, BRACES, NAMES)                                                                      \
    template <> struct arity<COUNT> {                                                                        \
        template <class T> static constexpr bool fits = requires { T{KIN_STRIP BRACES}; };                   \
        template <class T, class Function>                                                                   \
        static constexpr decltype(auto) visit(T& object, Function&& function) {                              \
            auto& [KIN_STRIP NAMES] = object;                                                                \
            return function(KIN_STRIP NAMES);                                                                \
        }                                                                                                    \
    };

#define KIN_BRACES_1                                                                                         \
    {}
#define KIN_BRACES_2                                                                                         \
    KIN_BRACES_1, {}
#define KIN_BRACES_3                                                                                         \
    KIN_BRACES_2, {}
#define KIN_BRACES_4                                                                                         \
    KIN_BRACES_3, {}
#define KIN_BRACES_5                                                                                         \
    KIN_BRACES_4, {}
#define KIN_BRACES_6                                                                                         \
    KIN_BRACES_5, {}
#define KIN_BRACES_7                                                                                         \
    KIN_BRACES_6, {}
#define KIN_BRACES_8                                                                                         \
    KIN_BRACES_7, {}
#define KIN_NAMES_1(P) P##1
#define KIN_NAMES_2(P) KIN_NAMES_1(P), P##2
#define KIN_NAMES_3(P) KIN_NAMES_2(P), P##3
#define KIN_NAMES_4(P) KIN_NAMES_3(P), P##4
#define KIN_NAMES_5(P) KIN_NAMES_4(P), P##5
#define KIN_NAMES_6(P) KIN_NAMES_5(P), P##6
#define KIN_NAMES_7(P) KIN_NAMES_6(P), P##7
#define KIN_NAMES_8(P) KIN_NAMES_7(P), P##8
#define KIN_BLOCK(BEFORE, BRACES, NAMES, P)                                                                  \
    KIN_ARITY(BEFORE + 1, (BRACES KIN_BRACES_1), (NAMES KIN_NAMES_1(P)))                                     \
    KIN_ARITY(BEFORE + 2, (BRACES KIN_BRACES_2), (NAMES KIN_NAMES_2(P)))                                     \
    KIN_ARITY(BEFORE + 3, (BRACES KIN_BRACES_3), (NAMES KIN_NAMES_3(P)))                                     \
    KIN_ARITY(BEFORE + 4, (BRACES KIN_BRACES_4), (NAMES KIN_NAMES_4(P)))                                     \
    KIN_ARITY(BEFORE + 5, (BRACES KIN_BRACES_5), (NAMES KIN_NAMES_5(P)))                                     \
    KIN_ARITY(BEFORE + 6, (BRACES KIN_BRACES_6), (NAMES KIN_NAMES_6(P)))                                     \
    KIN_ARITY(BEFORE + 7, (BRACES KIN_BRACES_7), (NAMES KIN_NAMES_7(P)))                                     \
    KIN_ARITY(BEFORE + 8, (BRACES KIN_BRACES_8), (NAMES KIN_NAMES_8(P)))

#define KIN_HEAD_BRACES_0
#define KIN_HEAD_NAMES_0
#define KIN_HEAD_BRACES_1 KIN_HEAD_BRACES_0 KIN_BRACES_8,
#define KIN_HEAD_BRACES_2 KIN_HEAD_BRACES_1 KIN_BRACES_8,
#define KIN_HEAD_BRACES_3 KIN_HEAD_BRACES_2 KIN_BRACES_8,
#define KIN_HEAD_BRACES_4 KIN_HEAD_BRACES_3 KIN_BRACES_8,
#define KIN_HEAD_BRACES_5 KIN_HEAD_BRACES_4 KIN_BRACES_8,
#define KIN_HEAD_BRACES_6 KIN_HEAD_BRACES_5 KIN_BRACES_8,
#define KIN_HEAD_BRACES_7 KIN_HEAD_BRACES_6 KIN_BRACES_8,
#define KIN_HEAD_BRACES_8 KIN_HEAD_BRACES_7 KIN_BRACES_8,
#define KIN_HEAD_BRACES_9 KIN_HEAD_BRACES_8 KIN_BRACES_8,
#define KIN_HEAD_BRACES_10 KIN_HEAD_BRACES_9 KIN_BRACES_8,
#define KIN_HEAD_BRACES_11 KIN_HEAD_BRACES_10 KIN_BRACES_8,
#define KIN_HEAD_BRACES_12 KIN_HEAD_BRACES_11 KIN_BRACES_8,
#define KIN_HEAD_BRACES_13 KIN_HEAD_BRACES_12 KIN_BRACES_8,
#define KIN_HEAD_BRACES_14 KIN_HEAD_BRACES_13 KIN_BRACES_8,
#define KIN_HEAD_BRACES_15 KIN_HEAD_BRACES_14 KIN_BRACES_8,
#define KIN_HEAD_NAMES_1 KIN_HEAD_NAMES_0 KIN_NAMES_8(kin_a),
#define KIN_HEAD_NAMES_2 KIN_HEAD_NAMES_1 KIN_NAMES_8(kin_b),
#define KIN_HEAD_NAMES_3 KIN_HEAD_NAMES_2 KIN_NAMES_8(kin_c),
#define KIN_HEAD_NAMES_4 KIN_HEAD_NAMES_3 KIN_NAMES_8(kin_d),
#define KIN_HEAD_NAMES_5 KIN_HEAD_NAMES_4 KIN_NAMES_8(kin_e),
#define KIN_HEAD_NAMES_6 KIN_HEAD_NAMES_5 KIN_NAMES_8(kin_f),
#define KIN_HEAD_NAMES_7 KIN_HEAD_NAMES_6 KIN_NAMES_8(kin_g),
#define KIN_HEAD_NAMES_8 KIN_HEAD_NAMES_7 KIN_NAMES_8(kin_h),
#define KIN_HEAD_NAMES_9 KIN_HEAD_NAMES_8 KIN_NAMES_8(kin_i),
#define KIN_HEAD_NAMES_10 KIN_HEAD_NAMES_9 KIN_NAMES_8(kin_j),
#define KIN_HEAD_NAMES_11 KIN_HEAD_NAMES_10 KIN_NAMES_8(kin_k),
#define KIN_HEAD_NAMES_12 KIN_HEAD_NAMES_11 KIN_NAMES_8(kin_l),
#define KIN_HEAD_NAMES_13 KIN_HEAD_NAMES_12 KIN_NAMES_8(kin_m),
#define KIN_HEAD_NAMES_14 KIN_HEAD_NAMES_13 KIN_NAMES_8(kin_n),
#define KIN_HEAD_NAMES_15 KIN_HEAD_NAMES_14 KIN_NAMES_8(kin_o),

KIN_BLOCK(0, KIN_HEAD_BRACES_0, KIN_HEAD_NAMES_0, kin_a)
KIN_BLOCK(8, KIN_HEAD_BRACES_1, KIN_HEAD_NAMES_1, kin_b)
KIN_BLOCK(16, KIN_HEAD_BRACES_2, KIN_HEAD_NAMES_2, kin_c)
KIN_BLOCK(24, KIN_HEAD_BRACES_3, KIN_HEAD_NAMES_3, kin_d)
KIN_BLOCK(32, KIN_HEAD_BRACES_4, KIN_HEAD_NAMES_4, kin_e)
KIN_BLOCK(40, KIN_HEAD_BRACES_5, KIN_HEAD_NAMES_5, kin_f)
KIN_BLOCK(48, KIN_HEAD_BRACES_6, KIN_HEAD_NAMES_6, kin_g)
KIN_BLOCK(56, KIN_HEAD_BRACES_7, KIN_HEAD_NAMES_7, kin_h)
KIN_BLOCK(64, KIN_HEAD_BRACES_8, KIN_HEAD_NAMES_8, kin_i)
KIN_BLOCK(72, KIN_HEAD_BRACES_9, KIN_HEAD_NAMES_9, kin_j)
KIN_BLOCK(80, KIN_HEAD_BRACES_10, KIN_HEAD_NAMES_10, kin_k)
KIN_BLOCK(88, KIN_HEAD_BRACES_11, KIN_HEAD_NAMES_11, kin_l)
KIN_BLOCK(96, KIN_HEAD_BRACES_12, KIN_HEAD_NAMES_12, kin_m)
KIN_BLOCK(104, KIN_HEAD_BRACES_13, KIN_HEAD_NAMES_13, kin_n)
KIN_BLOCK(112, KIN_HEAD_BRACES_14, KIN_HEAD_NAMES_14, kin_o)
KIN_BLOCK(120, KIN_HEAD_BRACES_15, KIN_HEAD_NAMES_15, kin_p)

/// One more than there are: only to tell that a class has too many.
template <> struct arity<most_members + 1> {
    template <class T> static constexpr bool fits = requires { T{KIN_HEAD_BRACES_15 KIN_BRACES_8, {}}; };
};

#undef KIN_STRIP
#undef KIN_ARITY
#undef KIN_BLOCK
#undef KIN_BRACES_1
#undef KIN_BRACES_2
#undef KIN_BRACES_3
#undef KIN_BRACES_4
#undef KIN_BRACES_5
#undef KIN_BRACES_6
#undef KIN_BRACES_7
#undef KIN_BRACES_8
#undef KIN_NAMES_1
#undef KIN_NAMES_2
#undef KIN_NAMES_3
#undef KIN_NAMES_4
#undef KIN_NAMES_5
#undef KIN_NAMES_6
#undef KIN_NAMES_7
#undef KIN_NAMES_8
#undef KIN_HEAD_BRACES_0
#undef KIN_HEAD_BRACES_1
#undef KIN_HEAD_BRACES_2
#undef KIN_HEAD_BRACES_3
#undef KIN_HEAD_BRACES_4
#undef KIN_HEAD_BRACES_5
#undef KIN_HEAD_BRACES_6
#undef KIN_HEAD_BRACES_7
#undef KIN_HEAD_BRACES_8
#undef KIN_HEAD_BRACES_9
#undef KIN_HEAD_BRACES_10
#undef KIN_HEAD_BRACES_11
#undef KIN_HEAD_BRACES_12
#undef KIN_HEAD_BRACES_13
#undef KIN_HEAD_BRACES_14
#undef KIN_HEAD_BRACES_15
#undef KIN_HEAD_NAMES_0
#undef KIN_HEAD_NAMES_1
#undef KIN_HEAD_NAMES_2
#undef KIN_HEAD_NAMES_3
#undef KIN_HEAD_NAMES_4
#undef KIN_HEAD_NAMES_5
#undef KIN_HEAD_NAMES_6
#undef KIN_HEAD_NAMES_7
#undef KIN_HEAD_NAMES_8
#undef KIN_HEAD_NAMES_9
#undef KIN_HEAD_NAMES_10
#undef KIN_HEAD_NAMES_11
#undef KIN_HEAD_NAMES_12
#undef KIN_HEAD_NAMES_13
#undef KIN_HEAD_NAMES_14
#undef KIN_HEAD_NAMES_15

} // namespace kin::reflect::detail
