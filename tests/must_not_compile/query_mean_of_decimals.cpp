// SPDX-License-Identifier: MIT
// expect: kin: a mean of decimals is not exact; read kin::sum() and kin::count(), and use kin::decimal::divided_by
// names: Product::price
#include <kin/kin.hpp>

struct Product {
    kin::primary_key<int> id;
    kin::decimal price;
};

void mean(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.select(kin::sum(kin::col<&Product::price>), kin::count()).one();
#else
    (void)session.select(kin::avg(kin::col<&Product::price>)).one();
#endif
}
