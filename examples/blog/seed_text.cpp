// SPDX-License-Identifier: MIT
#include "seed_text.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace blog {

namespace {

void capitalise(std::string& text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
}

} // namespace

std::size_t storyteller::rather_small_below(std::size_t bound) {
    const std::size_t first = below(bound);
    return std::min(first, below(first + 1));
}

std::string storyteller::name() {
    return std::string(one_of(words::first_names)) + " " + std::string(one_of(words::last_names));
}

std::string storyteller::bio(const words::topic& about) { return fill(one_of(words::bios), about); }
std::string storyteller::title(const words::topic& about) { return fill(one_of(words::titles), about); }
std::string storyteller::comment(const words::topic& about) { return fill(one_of(words::comments), about); }
std::string storyteller::reply(const words::topic& about) { return fill(one_of(words::replies), about); }

std::vector<std::string_view> storyteller::tags(const words::topic& about) {
    std::vector<std::string_view> names;
    if (below(16) == 0) return names;
    names.assign(about.tags.begin(), about.tags.begin() + 1 + static_cast<std::ptrdiff_t>(below(3)));
    if (below(4) == 0) names.push_back(one_of(words::moods));
    return names;
}

std::string storyteller::post(const words::topic& about) {
    std::vector<std::size_t> order(words::middles.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[below(i + 1)]);

    std::string text = fill(one_of(words::openings), about);
    auto next = order.begin();
    const std::size_t paragraphs = 3 + below(3);
    for (std::size_t paragraph = 0; paragraph < paragraphs; ++paragraph) {
        if (paragraph > 0) text += "\n\n";
        for (std::size_t sentences = 2 + below(3); sentences > 0; --sentences) {
            if (!text.ends_with('\n')) text += ' ';
            text += fill(words::middles[*next++], about);
        }
    }
    return text + "\n\n" + fill(one_of(words::closings), about);
}

std::string storyteller::fill(std::string_view sentence, const words::topic& about) {
    std::string result;
    while (true) {
        const std::size_t open = sentence.find('{');
        result += sentence.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = sentence.find('}', open);
        result += word_for(sentence.substr(open + 1, close - open - 1), about);
        sentence.remove_prefix(close + 1);
    }
    capitalise(result);
    return result;
}

std::string storyteller::word_for(std::string_view blank, const words::topic& about) {
    std::string key(blank);
    const bool capital = std::isupper(static_cast<unsigned char>(key.front())) != 0;
    key[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(key[0])));
    std::string word = key == "doing"      ? std::string(about.doing)
                       : key == "tool"     ? std::string(about.tool)
                       : key == "material" ? std::string(about.material)
                       : key == "result"   ? std::string(about.result)
                       : key == "place"    ? std::string(one_of(words::places))
                       : key == "person"   ? std::string(one_of(words::first_names))
                       : key == "time"     ? std::string(one_of(words::times))
                       : key == "weather"  ? std::string(one_of(words::weathers))
                       : key == "animal"   ? std::string(one_of(words::animals))
                                           : std::string(one_of(words::virtues));
    if (capital) capitalise(word);
    return word;
}

} // namespace blog
