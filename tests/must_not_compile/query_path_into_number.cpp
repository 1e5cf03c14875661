// SPDX-License-Identifier: MIT
// expect: kin: only a JSON document can be looked into with at()
// names: Product::price
#include <chrono>
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
    kin::decimal price;
    kin::json settings;
    std::vector<int> sizes;
    kin::uuid token;
    kin::time_of_day opens;
};

kin::predicate condition() {
#ifdef KIN_CONTROL
    return kin::col<&Product::settings>.at("a").exists();
#else
    return kin::col<&Product::price>.at("a").exists();
#endif
}
