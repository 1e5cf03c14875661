// SPDX-License-Identifier: MIT
// expect: kin: kin::precision is for a kin::decimal; make the member one, or leave it out
// names: Product price
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::field<kin::decimal, kin::precision{8, 2}> price;
#else
    kin::field<int, kin::precision{8, 2}> price;
#endif
};

kin::ref<Product> made() { return kin::make<Product>(); }
