# SPDX-License-Identifier: MIT
# What only kin's own builds want: a fast linker, a compiler cache, warnings as errors.
# A project that takes kin in with add_subdirectory() or FetchContent gets none of it.

# Warnings as errors on everything of kin's own.
function(kin_strict target)
    if(PROJECT_IS_TOP_LEVEL)
        target_compile_options(${target} PRIVATE
            $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror>
            $<$<COMPILE_LANG_AND_ID:CXX,Clang,AppleClang>:-Wno-sign-conversion>) # so -Wconversion means what it does on g++
    endif()
endfunction()

# What a program that uses kin should compile without a word of complaint: tests, examples, benchmarks.
function(kin_tidy target)
    if(PROJECT_IS_TOP_LEVEL)
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Werror>)
    endif()
endfunction()

# kin_precompile(target header...): reads what most of its files include once. Consumers' builds go without, and so show
# an include that is missing.
function(kin_precompile target)
    if(NOT PROJECT_IS_TOP_LEVEL)
        return()
    endif()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ forgets in a precompiled header which lines are the system's, and warns about the standard library's own.
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overread>)
    endif()
    if(KIN_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
    elseif(KIN_CCACHE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
    endif()
endfunction()

if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)

find_program(KIN_CCACHE ccache)
mark_as_advanced(KIN_CCACHE)
if(KIN_CCACHE)
    foreach(language C CXX)
        if(NOT DEFINED CMAKE_${language}_COMPILER_LAUNCHER)
            # The sloppiness is what ccache asks for when a precompiled header is used; the base folder lets another
            # clone of the same sources find what this one compiled.
            set(CMAKE_${language}_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros"
                "CCACHE_NOHASHDIR=1;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};${KIN_CCACHE}")
        endif()
    endforeach()
endif()

include(CheckLinkerFlag)
find_program(KIN_MOLD mold)
mark_as_advanced(KIN_MOLD)
if(KIN_MOLD)
    check_linker_flag(CXX -fuse-ld=mold KIN_HAS_MOLD)
    if(KIN_HAS_MOLD)
        add_link_options(-fuse-ld=mold)
    endif()
endif()
