// SPDX-License-Identifier: MIT
// expect: kin: a double beside a decimal would make the result inexact; write kin::decimal("1.1") in place of 1.1
// names: Product::price
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
    kin::decimal price;
};

auto dearer() {
#ifdef KIN_CONTROL
    return kin::update<Product>().set(kin::col<&Product::price>,
                                      kin::col<&Product::price> * kin::decimal("1.1"));
#else
    return kin::update<Product>().set(kin::col<&Product::price>, kin::col<&Product::price> * 1.1);
#endif
}
