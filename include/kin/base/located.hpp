// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "kin/base/error.hpp"

namespace kin::detail {

/// Runs `call`; an error that passes through gets the line of the program that asked for it, unless it has one. Costs nothing otherwise.
template <class F> decltype(auto) located(const call_place& where, F&& call) {
    try {
        return std::forward<F>(call)();
    } catch (error& e) {
        e.locate(where);
        throw;
    }
}

} // namespace kin::detail
