// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

namespace kin::postgresql {

class channel;

/// A statement that the server has prepared for certain types of parameters. Owned by its connection.
struct prepared {
    std::string name;
    std::vector<std::uint32_t> parameters; // the types that the server has for them
    bool binary = false;                   // kin reads the binary form of every column
    std::size_t users = 0;
    std::uint64_t released = 0; // when it lost its last user: a count
};

/// The prepared statements of one connection. Their names are made of the text and the types, never counted: behind a pooler that changes servers, a
/// name that is there already can only mean the same statement.
class prepared_statements {
public:
    explicit prepared_statements(channel& c) noexcept : channel_(c) {}

    /// The statement for these declared types (0: the server finds out); give it back with release().
    /// Throws: database_error when the server refuses the text.
    [[nodiscard]] prepared& take(std::string_view sql, std::span<const std::uint32_t> declared);
    void release(prepared& p) noexcept;
    /// Forgets one that is not on the server any more.
    void forget(prepared& p) noexcept;
    /// Takes it back from the server as soon as that is possible, and forgets it: it does not fit its table any more.
    void drop(prepared& p);
    /// Whether kin reads the binary form of every column: also of enumerations of the database, which it asks for, once for each type.
    /// Throws: database_error.
    [[nodiscard]] bool reads_binary_of(const PGresult& description);

private:
    [[nodiscard]] bool is_enumeration(std::uint32_t type);

    void make_room();
    void drop_stale();

    channel& channel_;
    std::map<std::string, std::unique_ptr<prepared>, std::less<>> by_name_;
    std::size_t unused_ = 0; // of them without a user, still prepared
    std::uint64_t releases_ = 0;
    std::vector<std::string> stale_;          // names of those that the server still has to drop
    std::vector<std::string> uncertain_;      // ... of those that it may have
    std::map<std::uint32_t, bool> own_types_; // of the database's own: which ones are enumerations
};

} // namespace kin::postgresql
