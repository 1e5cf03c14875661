// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace blog {

/// One line on stderr that fills up. Silent where that is no terminal.
class progress_bar {
public:
    progress_bar(std::string what, std::size_t total);
    /// Returns how many steps were taken.
    std::size_t step();
    /// Wipes the line.
    void finish();

private:
    void draw() const;

    std::string what_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t drawn_percent_ = 0;
    bool shown_;
};

} // namespace blog
