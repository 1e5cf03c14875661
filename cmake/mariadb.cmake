# SPDX-License-Identifier: MIT
# Decides whether kin gets its MariaDB wing, which speaks to MySQL too, and sets KIN_HAS_MARIADB. The wing needs the header of
# libmariadb to be built; the library itself is loaded when a program first connects to MariaDB.
#   AUTO   with the header, if it is there
#   ON     it must be there
#   OFF    without
set(KIN_MARIADB AUTO CACHE STRING "Build kin with MariaDB: AUTO, ON or OFF")
set_property(CACHE KIN_MARIADB PROPERTY STRINGS AUTO ON OFF)

set(KIN_HAS_MARIADB FALSE)
if(KIN_MARIADB)
    # MySQL has a mysql.h too, but not the functions that wait with a deadline.
    find_path(KIN_LIBMARIADB_INCLUDE mariadb_version.h PATH_SUFFIXES mariadb)
    mark_as_advanced(KIN_LIBMARIADB_INCLUDE)
    if(KIN_LIBMARIADB_INCLUDE)
        set(KIN_HAS_MARIADB TRUE)
    elseif(NOT KIN_MARIADB STREQUAL "AUTO")
        message(FATAL_ERROR "KIN_MARIADB is ON and there is no header of libmariadb; install libmariadb-dev")
    endif()
endif()
message(STATUS "kin: MariaDB ${KIN_HAS_MARIADB}")

# Of the sources of the wing, those that are built.
function(kin_mariadb_sources list)
    set(sources ${${list}})
    if(KIN_HAS_MARIADB)
        list(FILTER sources EXCLUDE REGEX "/src/kin/mariadb/not_built\\.cpp$")
    else()
        list(FILTER sources EXCLUDE REGEX "/src/kin/mariadb/[^/]*(\\.cpp)$")
        list(APPEND sources "${PROJECT_SOURCE_DIR}/src/kin/mariadb/not_built.cpp")
    endif()
    set(${list} ${sources} PARENT_SCOPE)
endfunction()
