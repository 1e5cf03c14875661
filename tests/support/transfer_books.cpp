// SPDX-License-Identifier: MIT
#include "support/transfer_books.hpp"

#include <array>
#include <utility>

namespace kin::testing {

void open_accounts(const kin::database& db) {
    db.create_all<Account, Transfer>();
    db.transaction([](kin::session& s) {
        for (int i = 0; i < account_count; ++i) s.add(Account{.balance = opening_balance});
    });
}

transfer_order draw_transfer(std::mt19937& chance, std::int64_t token) {
    const auto below = [&](unsigned bound) { return static_cast<int>(chance() % bound); };
    const int from = below(account_count);
    const int to = (from + 1 + below(account_count - 1)) % account_count;
    return {.token = token, .from = from + 1, .to = to + 1, .amount = 1 + below(100)};
}

void move_money(kin::session& s, const transfer_order& t, transfer_style style) {
    s.add(Transfer{.token = t.token, .from_account = t.from, .to_account = t.to, .amount = t.amount});
    if (style == transfer_style::objects) {
        s.get_one<Account>(t.from)->balance -= t.amount;
        s.get_one<Account>(t.to)->balance += t.amount;
        return;
    }
    s.flush();
    for (const auto& [account, change] : {std::pair(t.from, -t.amount), std::pair(t.to, t.amount)}) {
        s.execute("UPDATE account SET balance = balance + :change, version = version + 1 WHERE id = :id",
                  {{"change", change}, {"id", account}});
    }
}

void transfer_books::note(const transfer_order& t, transfer_end end, std::string_view code) {
    const std::lock_guard guard(mutex_);
    entries_.emplace(t.token, entry{t, end});
    if (!code.empty()) ++codes_[std::string(code)];
}

std::size_t transfer_books::count(transfer_end end) const {
    const std::lock_guard guard(mutex_);
    std::size_t found = 0;
    for (const auto& [token, e] : entries_) found += e.end == end ? 1U : 0U;
    return found;
}

std::size_t transfer_books::count(std::string_view code) const {
    const std::lock_guard guard(mutex_);
    const auto found = codes_.find(code);
    return found == codes_.end() ? 0 : found->second;
}

std::vector<std::string> transfer_books::contradictions(const kin::database& db) const {
    std::vector<std::string> out;
    // One moment for both tables, even if a commit that was cut off lands now.
    kin::session s = db.session({.isolation = kin::isolation_level::serializable});
    const auto accounts = s.query<Account>().all();
    const auto ledger = s.query<Transfer>().all();
    const std::lock_guard guard(mutex_);
    std::array<std::int64_t, account_count + 1> balances{};
    for (int id = 1; id <= account_count; ++id) balances[static_cast<std::size_t>(id)] = opening_balance;
    std::map<std::int64_t, int> times;
    for (const auto& row : ledger) {
        const std::string name = "transfer " + std::to_string(row->token);
        ++times[row->token];
        balances.at(static_cast<std::size_t>(row->from_account)) -= row->amount;
        balances.at(static_cast<std::size_t>(row->to_account)) += row->amount;
        const auto known = entries_.find(row->token);
        if (known == entries_.end()) {
            out.push_back(name + " was never asked for");
            continue;
        }
        const transfer_order& t = known->second.order;
        if (t.from != row->from_account || t.to != row->to_account || t.amount != row->amount)
            out.push_back(name + " is not what was asked for");
    }
    for (const auto& [token, e] : entries_) {
        const int there = times.contains(token) ? times[token] : 0;
        const std::string name = "transfer " + std::to_string(token);
        if (there > 1) out.push_back(name + " is there " + std::to_string(there) + " times");
        if (e.end == transfer_end::committed && there == 0)
            out.push_back(name + " was committed and is lost");
        if (e.end == transfer_end::rolled_back && there != 0)
            out.push_back(name + " was rolled back and is there");
    }
    std::int64_t sum = 0;
    for (const auto& account : accounts) {
        sum += account->balance;
        const std::int64_t expected = balances.at(static_cast<std::size_t>(account->id));
        if (account->balance == expected) continue;
        out.push_back("account " + std::to_string(account->id) + " has " + std::to_string(account->balance) +
                      ", by the ledger " + std::to_string(expected));
    }
    if (sum != account_count * opening_balance) out.push_back("the sum is " + std::to_string(sum));
    return out;
}

std::string transfer_books::summary() const {
    std::string out = std::to_string(count(transfer_end::committed)) + " transfers committed, " +
                      std::to_string(count(transfer_end::rolled_back)) + " rolled back, " +
                      std::to_string(count(transfer_end::unknown)) + " unknown";
    const std::lock_guard guard(mutex_);
    const char* separator = "; ended by ";
    for (const auto& [code, times] : codes_)
        out.append(std::exchange(separator, ", ")).append(code).append(" ").append(std::to_string(times));
    return out;
}

void failure_counter::executed(const kin::statement_event& event) noexcept {
    if (event.failure == nullptr) return;
    try {
        const std::lock_guard guard(mutex_);
        ++codes_[std::string(event.failure->code())];
    } catch (...) {
        return; // counted too few: the test says so
    }
}

std::size_t failure_counter::count(std::string_view code) const {
    const std::lock_guard guard(mutex_);
    const auto found = codes_.find(code);
    return found == codes_.end() ? 0 : found->second;
}

} // namespace kin::testing
