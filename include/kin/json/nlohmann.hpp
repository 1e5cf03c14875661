// SPDX-License-Identifier: MIT
#pragma once

// nlohmann::json as the member of a model. Needs that library; without it this header is empty.
#if __has_include(<nlohmann/json.hpp>)

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "kin/base/encoder.hpp"

/// Stored as the database's JSON; queries look inside with at(), as into a kin::json. A change anywhere in the document is noticed,
/// because the whole of it is compared.
template <> struct kin::codec<nlohmann::json> {
    static constexpr kin::column_type type = {.kind = kin::type_kind::json};
    /// False for a document with text that is not UTF-8.
    static bool encode(const nlohmann::json& in, kin::encoder to) {
        try {
            return to.json(to.memory.copy(in.dump()));
        } catch (const nlohmann::json::type_error&) {
            return false;
        }
    }
    /// False for what is no JSON.
    static bool decode(nlohmann::json& out, const kin::cell& from) {
        if (from.kind != kin::cell_kind::json && from.kind != kin::cell_kind::text) return false;
        nlohmann::json read = nlohmann::json::parse(from.bytes(), nullptr, false);
        if (read.is_discarded()) return false;
        out = std::move(read);
        return true;
    }
};

#endif
