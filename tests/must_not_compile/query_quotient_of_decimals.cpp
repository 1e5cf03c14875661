// SPDX-License-Identifier: MIT
// expect: kin: a quotient of decimals is not exact; read the numbers and use kin::decimal::divided_by
// names: Product::price
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
    kin::decimal price;
};

auto third() {
#ifdef KIN_CONTROL
    return kin::update<Product>().set(kin::col<&Product::price>,
                                      kin::round(kin::col<&Product::price> * 3, 2));
#else
    return kin::update<Product>().set(kin::col<&Product::price>,
                                      kin::round(kin::col<&Product::price> / 3, 2));
#endif
}
