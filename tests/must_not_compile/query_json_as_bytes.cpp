// SPDX-License-Identifier: MIT
// expect: kin: as<T>() reads std::string, bool, numbers and kin::json out of a document
// names: std::vector
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
    return kin::col<&Product::settings>.at("a").as<int>().is_null();
#else
    return kin::col<&Product::settings>.at("a").as<std::vector<int>>().is_null();
#endif
}
