// SPDX-License-Identifier: MIT
// expect: kin: kin::precision is an option of a kin::decimal
// names: Product
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    kin::field<kin::decimal, kin::precision{12, 2}> price;
#else
    kin::field<int, kin::precision{12, 2}> price;
#endif
};

const kin::mapper& mapped() { return kin::mapper_of<Product>(); }
