// SPDX-License-Identifier: MIT
#include "kin/postgresql/libpq.hpp"

#include <string>

#include <dlfcn.h>

#include "kin/base/error.hpp"

namespace kin::postgresql {

namespace {

#ifdef __APPLE__
constexpr const char* names[] = {"libpq.5.dylib"};
#else
constexpr const char* names[] = {"libpq.so.5"};
#endif

[[noreturn]] void fail(const std::string& why) {
    throw connection_error({.code = "client_library_missing",
                            .message = "PostgreSQL's client library cannot be used: " + why +
                                       "; install it (Debian: libpq5, version 14 or newer)",
                            .sql = {}});
}

void* open_first(std::span<const char* const> candidates) {
    std::string why;
    for (const char* name : candidates) {
        if (void* found = dlopen(name, RTLD_NOW | RTLD_LOCAL)) return found; // stays until the process ends
        why.append(why.empty() ? "" : ", ").append(dlerror());
    }
    fail(why);
}

template <class Function> void find(void* from, const char* name, Function& out) {
    void* const found = dlsym(from, name);
    if (found == nullptr) fail("it has no function " + std::string(name));
    out = reinterpret_cast<Function>(found);
}

} // namespace

libpq load_library(std::span<const char* const> candidates) {
    void* const opened = open_first(candidates);
    libpq table;
#define KIN_FIND(name) find(opened, #name, table.name);
    KIN_LIBPQ_FUNCTIONS(KIN_FIND)
#undef KIN_FIND
    return table;
}

libpq load_library() { return load_library(names); }

} // namespace kin::postgresql
