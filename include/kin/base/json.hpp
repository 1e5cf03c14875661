// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kin/base/encoder.hpp"

namespace kin {

/// One JSON document (RFC 8259), as text in one form: without spaces, the members of an object ordered by the length of their
/// names and then by their bytes, the last of two with one name, numbers without exponent as far as that is short. So two
/// documents are equal when they say the same, and a document that a database gives back in another form is the one that was
/// stored. Default-made it is `null`. A value. To build and to look into documents, take a JSON library: kin/json/nlohmann.hpp.
class json {
public:
    json() = default;
    /// Reads what parse() takes. Throws: data_error (invalid_json).
    explicit json(std::string_view text);
    explicit json(const char* text) : json(std::string_view(text)) {}
    explicit json(const std::string& text) : json(std::string_view(text)) {}
    /// Nothing when `text` is no JSON, is not UTF-8, or is nested deeper than 500.
    [[nodiscard]] static std::optional<json> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] friend bool operator==(const json&, const json&) noexcept = default;

    /// For any stream the user has included: kin does not include <ostream>.
    template <class Stream>
        requires requires { typename Stream::char_type; }
    friend Stream& operator<<(Stream& stream, const json& document) {
        stream << document.text_;
        return stream;
    }

private:
    std::string text_ = "null";
};

/// Stored as the database's JSON.
template <> struct codec<json> {
    static constexpr column_type type = {.kind = type_kind::json};
    static bool encode(const json& in, encoder to) noexcept { return to.json(in.text()); }
    /// False for what is no JSON.
    static bool decode(json& out, const cell& from);
};

} // namespace kin
