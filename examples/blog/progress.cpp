// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <cstdio>
#include <unistd.h>
#include <utility>

namespace blog {

progress_bar::progress_bar(std::string what, std::size_t total)
    : what_(std::move(what)),
      total_(total),
      shown_(isatty(STDERR_FILENO) != 0) {
    if (shown_) draw();
}

std::size_t progress_bar::step() {
    ++done_;
    const std::size_t percent = done_ * 100 / total_;
    if (shown_ && percent != drawn_percent_) {
        drawn_percent_ = percent;
        draw();
    }
    return done_;
}

void progress_bar::finish() {
    if (shown_) std::fputs("\r\033[K", stderr);
}

void progress_bar::draw() const {
    static constexpr std::size_t width = 30;
    const std::size_t full = done_ * width / total_;
    std::string bar;
    for (std::size_t i = 0; i < width; ++i) bar += i < full ? "█" : "░";
    std::fprintf(stderr, "\r    %s %s %zu of %zu", what_.c_str(), bar.c_str(), done_, total_);
}

} // namespace blog
