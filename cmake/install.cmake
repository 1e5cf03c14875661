# SPDX-License-Identifier: MIT
include(CMakePackageConfigHelpers)

set(kin_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/kin")
set(kin_installed kin kin_postgresql kin_mariadb)
if(KIN_SQLITE_BUNDLED AND NOT BUILD_SHARED_LIBS)
    list(APPEND kin_installed kin_sqlite3)
endif()

install(TARGETS ${kin_installed} EXPORT kin-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT kin
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT kin
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT kin)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/kin" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT kin
    FILES_MATCHING PATTERN "*.hpp")
install(EXPORT kin-targets NAMESPACE kin:: DESTINATION "${kin_config_dir}" COMPONENT kin)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/kinConfig.cmake.in" "${PROJECT_BINARY_DIR}/kinConfig.cmake"
    INSTALL_DESTINATION "${kin_config_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/kinConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/kinConfig.cmake" "${PROJECT_BINARY_DIR}/kinConfigVersion.cmake"
    DESTINATION "${kin_config_dir}" COMPONENT kin)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT kin)
