// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace kin::testing {

/// A client library for tests that go around kin: loaded when the first of them runs, and never closed.
class shared_library {
public:
    explicit shared_library(const char* file) : handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
        if (!handle_) throw std::runtime_error(std::string("there is no ") + file);
    }
    /// The function of that name, of the type that its header gives it: find<decltype(::PQexec)>("PQexec").
    template <class Function> [[nodiscard]] Function* find(const char* name) const {
        void* const found = dlsym(handle_, name);
        if (!found) throw std::runtime_error(std::string("the library has no ") + name);
        return reinterpret_cast<Function*>(found);
    }

private:
    void* handle_;
};

} // namespace kin::testing
