// SPDX-License-Identifier: MIT
// expect: kin: a result column has a type that kin cannot read; specialise kin::codec<Type>
// names: Money
#include "blog.hpp"

struct Money {
    double amount = 0;
};

void run(kin::session& session) {
#ifdef KIN_CONTROL
    (void)session.sql<double>("SELECT 1").all();
#else
    (void)session.sql<Money>("SELECT 1").all();
#endif
}
