// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <libpq-fe.h>

namespace kin::testing {

/// How a value travels between libpq and the server.
enum class wire_format : std::uint8_t { text, binary };

/// A session with PostgreSQL through libpq alone: nothing of kin's wing is in it. Every call throws: std::runtime_error with the
/// server's words.
class raw_postgresql {
public:
    /// A parameter, or a value that was read. `type` is the number of PostgreSQL's type; 0: the server finds out.
    struct value {
        std::optional<std::string> bytes;
        std::uint32_t type = 0;
        wire_format format = wire_format::text;
    };

    /// In the schema that the URL's search_path names, with ISO dates in UTC.
    explicit raw_postgresql(const std::string& kin_url);

    /// The one value of the one row.
    [[nodiscard]] value ask(const std::string& sql, const std::vector<value>& parameters, wire_format format);
    void run(const std::string& sql, const std::vector<value>& parameters = {});

private:
    struct functions;
    struct closer {
        void operator()(PGconn* c) const noexcept;
    };
    struct clearer {
        void operator()(PGresult* r) const noexcept;
    };
    using result = std::unique_ptr<PGresult, clearer>;

    static const functions& api();
    [[nodiscard]] result execute(const std::string& sql, const std::vector<value>& parameters,
                                 wire_format format);
    std::unique_ptr<PGconn, closer> connection_;
};

} // namespace kin::testing
