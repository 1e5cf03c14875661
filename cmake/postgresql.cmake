# SPDX-License-Identifier: MIT
# Decides whether kin gets its PostgreSQL wing and sets KIN_HAS_POSTGRESQL. The wing needs the header of libpq to be built; the
# library itself is loaded when a program first connects to PostgreSQL.
#   AUTO   with the header, if it is there
#   ON     it must be there
#   OFF    without
set(KIN_POSTGRESQL AUTO CACHE STRING "Build kin with PostgreSQL: AUTO, ON or OFF")
set_property(CACHE KIN_POSTGRESQL PROPERTY STRINGS AUTO ON OFF)

set(KIN_HAS_POSTGRESQL FALSE)
if(KIN_POSTGRESQL)
    find_path(KIN_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql pgsql)
    mark_as_advanced(KIN_LIBPQ_INCLUDE)
    if(KIN_LIBPQ_INCLUDE)
        set(KIN_HAS_POSTGRESQL TRUE)
    elseif(NOT KIN_POSTGRESQL STREQUAL "AUTO")
        message(FATAL_ERROR "KIN_POSTGRESQL is ON and there is no libpq-fe.h; install libpq-dev")
    endif()
endif()
message(STATUS "kin: PostgreSQL ${KIN_HAS_POSTGRESQL}")

# Of the sources of the wing, those that are built.
function(kin_postgresql_sources list)
    set(sources ${${list}})
    if(KIN_HAS_POSTGRESQL)
        list(FILTER sources EXCLUDE REGEX "/src/kin/postgresql/not_built\\.cpp$")
    else()
        list(FILTER sources EXCLUDE REGEX "/src/kin/postgresql/[^/]*(\\.cpp)$")
        list(APPEND sources "${PROJECT_SOURCE_DIR}/src/kin/postgresql/not_built.cpp")
    endif()
    set(${list} ${sources} PARENT_SCOPE)
endfunction()
