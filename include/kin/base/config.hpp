// SPDX-License-Identifier: MIT
#pragma once

#define KIN_VERSION_MAJOR 0
#define KIN_VERSION_MINOR 1
#define KIN_VERSION_PATCH 0
/// Grows with every release: 0.1.0 is 100, 1.2.3 is 10203.
#define KIN_VERSION (KIN_VERSION_MAJOR * 10000 + KIN_VERSION_MINOR * 100 + KIN_VERSION_PATCH)
#define KIN_VERSION_STRING "0.1.0"

#if defined(__clang__)
#if __clang_major__ < 16
#error "kin needs Clang 16 or newer"
#endif
#elif defined(__GNUC__)
#if __GNUC__ < 12
#error "kin needs GCC 12 or newer"
#endif
#endif

#if __cplusplus < 202002L && !defined(_MSVC_LANG)
#error "kin needs C++20: compile with -std=c++20 or newer"
#endif

// `kin::make<User>({.name = "John"})` leaves members out on purpose, and -Wextra warns about each of them on the user's
// own line. So the warning is switched off for the rest of the translation unit; KIN_KEEP_WARNINGS keeps it.
// A precompiled header of GCC loses the pragma; kin's CMake target therefore also passes the option.
#if !defined(KIN_KEEP_WARNINGS) && (defined(__GNUC__) || defined(__clang__))
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#endif
