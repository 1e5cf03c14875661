// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seed_words.hpp"

namespace blog {

/// Invents people, posts and comments. The same seed gives the same texts on every machine.
class storyteller {
public:
    explicit storyteller(std::uint32_t seed) : random_(seed) {}

    /// A number from 0 to bound - 1. (The distributions of <random> differ from library to library.)
    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
    /// Small numbers more often than large ones.
    [[nodiscard]] std::size_t rather_small_below(std::size_t bound);

    [[nodiscard]] const words::topic& topic() { return words::topics[below(words::topics.size())]; }
    [[nodiscard]] std::string name();
    [[nodiscard]] std::string bio(const words::topic& about);
    [[nodiscard]] std::string title(const words::topic& about);
    /// Three to five paragraphs in which no sentence comes twice.
    [[nodiscard]] std::string post(const words::topic& about);
    [[nodiscard]] std::string comment(const words::topic& about);
    [[nodiscard]] std::string reply(const words::topic& about);
    /// None to four; the first of a topic more often than the others.
    [[nodiscard]] std::vector<std::string_view> tags(const words::topic& about);

private:
    [[nodiscard]] std::string_view one_of(std::span<const std::string_view> list) {
        return list[below(list.size())];
    }
    /// `sentence` with its {blanks} filled in, and a capital at the beginning.
    [[nodiscard]] std::string fill(std::string_view sentence, const words::topic& about);
    [[nodiscard]] std::string word_for(std::string_view blank, const words::topic& about);

    std::mt19937 random_;
};

} // namespace blog
