// SPDX-License-Identifier: MIT
// expect: kin: this column and this value have types that SQL cannot compare; write a value of the column's type
// names: Product::token
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
    return kin::col<&Product::token> == kin::uuid("0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e");
#else
    return kin::col<&Product::token> == "0190b5f8-8c1e-7c3a-9a4e-3b9f6a1c2d5e";
#endif
}
