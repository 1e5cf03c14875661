// SPDX-License-Identifier: MIT
// expect: has a type that kin cannot store
// names: Job, elapsed_time
#include <chrono>
#include <kin/kin.hpp>

struct Job {
    kin::primary_key<int> id;
#ifdef KIN_CONTROL
    std::chrono::microseconds elapsed_time{};
#else
    std::chrono::nanoseconds elapsed_time{};
#endif
};

const kin::mapper& mapped() { return kin::mapper_of<Job>(); }
