// SPDX-License-Identifier: MIT
#include "kin/base/json.hpp"

#include "kin/base/error.hpp"
#include "kin/base/json_text.hpp"

namespace kin {

json::json(std::string_view text) {
    std::optional<std::string> read = detail::normalised_json(text);
    if (!read) {
        throw data_error({.code = "invalid_json",
                          .message = "this text of " + std::to_string(text.size()) +
                                     " bytes is no JSON document in UTF-8 that is nested at most 500 deep",
                          .sql = {}});
    }
    text_ = std::move(*read);
}

std::optional<json> json::parse(std::string_view text) {
    std::optional<std::string> read = detail::normalised_json(text);
    if (!read) return {};
    json document;
    document.text_ = std::move(*read);
    return document;
}

bool codec<json>::decode(json& out, const cell& from) {
    if (from.kind != cell_kind::json && from.kind != cell_kind::text) return false;
    std::optional<json> read = json::parse(from.bytes());
    if (!read) return false;
    out = std::move(*read);
    return true;
}

} // namespace kin
