# SPDX-License-Identifier: MIT
# Chooses the SQLite that kin is built on and sets KIN_SQLITE_TARGET to the target that carries it.
#
# SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when a commit and an explicit checkpoint race. The fix is in 3.51.3 and
# was taken back to 3.50.7 and 3.44.6. KIN_SQLITE says which library to take:
#   auto      the system's when it is fixed; else the amalgamation in KIN_SQLITE_SOURCE_DIR; else the system's, with a warning
#   system    the system's
#   bundled   the amalgamation; scripts/fetch-sqlite.sh brings it
set(KIN_SQLITE auto CACHE STRING "Which SQLite to build on: auto, system or bundled")
set_property(CACHE KIN_SQLITE PROPERTY STRINGS auto system bundled)
set(KIN_SQLITE_SOURCE_DIR "${PROJECT_SOURCE_DIR}/build/_sqlite" CACHE PATH "Folder with sqlite3.c and sqlite3.h")
if(NOT KIN_SQLITE MATCHES "^(auto|system|bundled)$")
    message(FATAL_ERROR "KIN_SQLITE is '${KIN_SQLITE}'; it can be auto, system or bundled")
endif()

function(kin_sqlite_is_fixed version out)
    set(${out} FALSE PARENT_SCOPE)
    if(version VERSION_GREATER_EQUAL 3.51.3
       OR (version VERSION_GREATER_EQUAL 3.50.7 AND version VERSION_LESS 3.51)
       OR (version VERSION_GREATER_EQUAL 3.44.6 AND version VERSION_LESS 3.45))
        set(${out} TRUE PARENT_SCOPE)
    endif()
endfunction()

set(kin_sqlite_choice ${KIN_SQLITE})
set(kin_has_amalgamation FALSE)
if(EXISTS "${KIN_SQLITE_SOURCE_DIR}/sqlite3.c" AND EXISTS "${KIN_SQLITE_SOURCE_DIR}/sqlite3.h")
    set(kin_has_amalgamation TRUE)
endif()

if(NOT KIN_SQLITE STREQUAL "bundled")
    find_package(SQLite3 QUIET)
    set(kin_system_is_fixed FALSE)
    if(SQLite3_FOUND)
        kin_sqlite_is_fixed("${SQLite3_VERSION}" kin_system_is_fixed)
    endif()
    if(KIN_SQLITE STREQUAL "auto")
        if(kin_has_amalgamation AND NOT kin_system_is_fixed)
            set(kin_sqlite_choice bundled)
        else()
            set(kin_sqlite_choice system)
        endif()
    endif()
endif()

if(kin_sqlite_choice STREQUAL "system")
    if(NOT SQLite3_FOUND)
        message(FATAL_ERROR "kin needs SQLite: install its development files, or run scripts/fetch-sqlite.sh")
    endif()
    if(NOT kin_system_is_fixed)
        message(WARNING "SQLite ${SQLite3_VERSION} can corrupt a WAL file when commits and explicit checkpoints race "
            "(fixed in 3.51.3, 3.50.7 and 3.44.6). Run scripts/fetch-sqlite.sh to build kin on a fixed one.")
    endif()
    set(KIN_SQLITE_BUNDLED FALSE)
    set(KIN_SQLITE_TARGET SQLite::SQLite3)
    message(STATUS "kin: SQLite ${SQLite3_VERSION} of the system")
    return()
endif()

if(NOT kin_has_amalgamation)
    message(FATAL_ERROR "KIN_SQLITE is bundled and ${KIN_SQLITE_SOURCE_DIR} has no sqlite3.c; run scripts/fetch-sqlite.sh")
endif()
set(KIN_SQLITE_BUNDLED TRUE)
set(KIN_SQLITE_TARGET kin_sqlite3)
file(STRINGS "${KIN_SQLITE_SOURCE_DIR}/sqlite3.h" kin_sqlite_version REGEX "^#define SQLITE_VERSION  ")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" kin_sqlite_version "${kin_sqlite_version}")
message(STATUS "kin: SQLite ${kin_sqlite_version} bundled")

add_library(kin_sqlite3 STATIC "${KIN_SQLITE_SOURCE_DIR}/sqlite3.c")
set_target_properties(kin_sqlite3 PROPERTIES
    EXPORT_NAME sqlite3
    C_VISIBILITY_PRESET hidden # a shared kin keeps its SQLite to itself
    POSITION_INDEPENDENT_CODE ON)
target_include_directories(kin_sqlite3 SYSTEM INTERFACE "$<BUILD_INTERFACE:${KIN_SQLITE_SOURCE_DIR}>")
target_compile_definitions(kin_sqlite3 PRIVATE
    SQLITE_DQS=0 # a misspelt quoted column is an error, not a string
    SQLITE_THREADSAFE=2
    SQLITE_DEFAULT_FOREIGN_KEYS=1
    SQLITE_DEFAULT_MEMSTATUS=0
    SQLITE_ENABLE_COLUMN_METADATA
    SQLITE_ENABLE_FTS5
    SQLITE_ENABLE_MATH_FUNCTIONS
    SQLITE_ENABLE_RTREE
    SQLITE_LIKE_DOESNT_MATCH_BLOBS
    SQLITE_MAX_EXPR_DEPTH=1000
    SQLITE_OMIT_DEPRECATED
    SQLITE_OMIT_SHARED_CACHE
    SQLITE_USE_ALLOCA)
# Optimised and without debug information in every build: nobody steps through it. The presets give C no other flags, so
# that a compiler cache compiles it once for all build trees.
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(kin_sqlite3 PRIVATE -O2 -g0 -w)
endif()
target_link_libraries(kin_sqlite3 PUBLIC Threads::Threads ${CMAKE_DL_LIBS} $<$<PLATFORM_ID:Linux>:m>)
