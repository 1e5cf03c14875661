// SPDX-License-Identifier: MIT
#include "tags.hpp"

#include <algorithm>
#include <unordered_map>

#include "text.hpp"

namespace blog {

namespace {

constexpr std::size_t most_tags = 8;
constexpr std::size_t longest_name = 30;

/// In lower case, with single spaces, without the # that people are used to.
std::string tidied(std::string_view name) {
    name = trimmed(name);
    while (name.starts_with('#')) name = trimmed(name.substr(1));
    std::string result;
    for (const char c : name) {
        if (c == ' ' || c == '\t' || c == '\n') {
            if (!result.ends_with(' ')) result += ' ';
        } else {
            result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return result;
}

/// An address cannot end on "." or "..".
bool is_word(const std::string& name) {
    return std::any_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    });
}

} // namespace

std::vector<std::string> tag_names(std::string_view typed) {
    std::vector<std::string> names;
    while (!typed.empty()) {
        const std::size_t comma = std::min(typed.find(','), typed.size());
        std::string name = tidied(typed.substr(0, comma));
        typed.remove_prefix(std::min(comma + 1, typed.size()));
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    return names;
}

std::optional<std::string> fault_of_tags(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (!is_word(name)) return "“" + name + "” has neither letter nor digit.";
        if (character_count(name) > longest_name)
            return "“" + name + "” is too long: at most " + std::to_string(longest_name) +
                   " characters, and a comma before the next tag.";
    }
    if (names.size() > most_tags)
        return "At most " + std::to_string(most_tags) + " tags; these are " + std::to_string(names.size()) +
               ".";
    return std::nullopt;
}

std::vector<kin::ref<Tag>> tags_named(kin::session& session, const std::vector<std::string>& names) {
    std::vector<kin::ref<Tag>> tags;
    if (names.empty()) return tags;
    std::unordered_map<std::string, kin::ref<Tag>> known;
    for (const auto& tag : session.query<Tag>().where(kin::col<&Tag::name>.in(names)))
        known.emplace(tag->name, tag);
    for (const std::string& name : names) {
        const auto found = known.find(name);
        tags.push_back(found != known.end() ? found->second : kin::make<Tag>({.name = name}));
    }
    return tags;
}

std::string tag_address(std::string_view name) { return "/tags/" + address_part(name); }

html tag_chips(const kin::many_to_many<Tag>& tags) {
    if (tags.empty()) return {};
    html result{"<ul class='tags' aria-label='Tags'>\n"};
    for (const auto& tag : tags)
        result += {"<li><a href='", tag_address(tag->name), "'>", tag->name, "</a></li>\n"};
    result += {"</ul>\n"};
    return result;
}

} // namespace blog
