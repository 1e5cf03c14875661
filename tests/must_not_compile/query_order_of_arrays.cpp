// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: Product::sizes
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
    return kin::col<&Product::sizes> == std::vector<int>{1};
#else
    return kin::col<&Product::sizes> < std::vector<int>{1};
#endif
}
