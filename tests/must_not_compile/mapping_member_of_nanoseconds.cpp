// SPDX-License-Identifier: MIT
// expect: has a type that kin cannot store
// names: Job, duration
#include <chrono>
#include <kin/kin.hpp>

struct Job {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    std::chrono::microseconds took{};
#else
    std::chrono::nanoseconds took{};
#endif
};

const kin::mapper& mapped() { return kin::mapper_of<Job>(); }
