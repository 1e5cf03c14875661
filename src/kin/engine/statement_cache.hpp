// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kin/engine/driver.hpp"

namespace kin {

/// A prepared statement and what is asked about it for every execution. Owned by its cache.
struct cached_statement {
    std::string sql;
    std::unique_ptr<driver_statement> statement;
    std::size_t parameter_count = 0;
    std::uint32_t fetch_size = 0; // what the statement was told
    bool read_only = false;
    bool in_use = false;
    bool temporary = false; // not in the cache; deleted when it is given back
    cached_statement* newer = nullptr;
    cached_statement* older = nullptr;
};

/// The prepared statements of one connection by their text; beyond `capacity`, those not used for longest go. For one thread at a time.
/// Taking a statement that is there allocates nothing. A statement in use is not handed out twice: the second taker gets one of its own.
class statement_cache {
public:
    explicit statement_cache(driver_connection& connection, std::size_t capacity = 256)
        : connection_(connection),
          capacity_(capacity) {}
    statement_cache(const statement_cache&) = delete;
    statement_cache& operator=(const statement_cache&) = delete;

    /// Throws: what driver_connection::prepare throws. Give it back with give_back(), reset.
    [[nodiscard]] cached_statement& take(std::string_view sql);
    void give_back(cached_statement& s) noexcept;
    /// Forgets all statements; none is in use.
    void clear() noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return by_text_.size(); }

private:
    [[nodiscard]] std::unique_ptr<cached_statement> prepare(std::string_view sql) const;
    cached_statement& prepare_temporary(std::string_view sql) const;
    cached_statement& add(std::string_view sql);
    void make_newest(cached_statement& s) noexcept;
    void unlink(cached_statement& s) noexcept;
    void evict() noexcept;

    driver_connection& connection_;
    std::size_t capacity_;
    std::unordered_map<std::string_view, std::unique_ptr<cached_statement>>
        by_text_; // keys view cached_statement::sql
    cached_statement* newest_ = nullptr;
    cached_statement* oldest_ = nullptr;
};

} // namespace kin
