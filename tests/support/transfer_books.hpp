// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "kin/kin.hpp"

namespace kin::testing {

struct Account {
    kin::primary_key<int> id;
    std::int64_t balance = 0;
    kin::field<int, kin::version> version;
};

/// A row of the ledger.
struct Transfer {
    kin::primary_key<int> id;
    kin::field<std::int64_t, kin::unique> token;
    int from_account = 0;
    int to_account = 0;
    std::int64_t amount = 0;
};

/// How a transfer ended, as far as who asked for it was told.
enum class transfer_end : std::uint8_t { committed, rolled_back, unknown };

struct transfer_order {
    std::int64_t token = 0;
    int from = 0;
    int to = 0;
    std::int64_t amount = 0;
};

/// How a transfer changes the two balances.
enum class transfer_style : std::uint8_t {
    objects, // read, changed and written by a flush, in the order of their keys; versions tell of conflicts
    statements, // UPDATE of the one, then of the other: two of these can wait for each other
};

constexpr int account_count = 8;
constexpr std::int64_t opening_balance = 1'000'000;

/// Makes the tables and the accounts.
void open_accounts(const kin::database& db);
/// A transfer by chance.
[[nodiscard]] transfer_order draw_transfer(std::mt19937& chance, std::int64_t token);
/// Moves the money and writes the ledger; the caller commits.
void move_money(kin::session& s, const transfer_order& t, transfer_style style);

/// What the tellers were told, to be held against what the database has. Safe for threads.
class transfer_books {
public:
    /// `code`: of the error that ended it, if one did.
    void note(const transfer_order& t, transfer_end end, std::string_view code = {});
    [[nodiscard]] std::size_t count(transfer_end end) const;
    [[nodiscard]] std::size_t count(std::string_view code) const;
    /// Where the database contradicts the books; empty when nowhere: the sum is what it was, each balance is what the ledger says, a transfer is in
    /// the ledger once when it was committed, never when it was rolled back, at most once when nobody knows, and nothing else is there.
    [[nodiscard]] std::vector<std::string> contradictions(const kin::database& db) const;
    /// "1200 transfers: 1000 committed, 150 rolled back, 50 unknown; ended by deadlock 12, ..."
    [[nodiscard]] std::string summary() const;

private:
    struct entry {
        transfer_order order;
        transfer_end end;
    };
    mutable std::mutex mutex_;
    std::map<std::int64_t, entry> entries_; // by token
    std::map<std::string, std::size_t, std::less<>> codes_;
};

/// Counts statements that failed, by the error's code. Give it to an engine.
class failure_counter final : public kin::statement_observer {
public:
    void executed(const kin::statement_event& event) noexcept override;
    [[nodiscard]] std::size_t count(std::string_view code) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::size_t, std::less<>> codes_;
};

} // namespace kin::testing
