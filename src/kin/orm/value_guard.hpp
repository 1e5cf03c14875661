// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

namespace kin::detail {

/// A variable that has another value as long as this lives.
template <class T> class value_guard {
public:
    value_guard(T& place, T meanwhile) noexcept : place_(place), before_(std::exchange(place, meanwhile)) {}
    value_guard(const value_guard&) = delete;
    value_guard& operator=(const value_guard&) = delete;
    ~value_guard() { place_ = before_; }

private:
    T& place_;
    T before_;
};

} // namespace kin::detail
