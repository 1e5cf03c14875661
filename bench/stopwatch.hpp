// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>

/// User and system time of this process.
[[nodiscard]] inline double cpu_ms() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// Adds up the time of a measured part, from here to the end of the block.
class stopwatch {
public:
    explicit stopwatch(double& total_ms) : total_ms_(total_ms), start_ms_(cpu_ms()) {}
    stopwatch(const stopwatch&) = delete;
    stopwatch& operator=(const stopwatch&) = delete;
    ~stopwatch() { total_ms_ += cpu_ms() - start_ms_; }

private:
    double& total_ms_;
    double start_ms_;
};
