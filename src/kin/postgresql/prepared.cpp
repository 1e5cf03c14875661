// SPDX-License-Identifier: MIT
#include "kin/postgresql/prepared.hpp"

#include <new>
#include <utility>

#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/values.hpp"

namespace kin::postgresql {

namespace {

constexpr std::size_t most_unused = 64;

/// Two independent FNV-1a hashes: 128 bits.
class name_hash {
public:
    void add(std::string_view bytes) noexcept {
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            first_ = (first_ ^ byte) * 0x100000001B3;
            second_ = (second_ ^ byte ^ (second_ >> 32)) * 0x100000001B3;
        }
    }
    [[nodiscard]] std::string name() const {
        std::string out = "kin_";
        for (const std::uint64_t half : {first_, second_}) {
            for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(half >> shift) & 15];
        }
        return out;
    }

private:
    std::uint64_t first_ = 0xCBF29CE484222325;
    std::uint64_t second_ = 0x9E3779B97F4A7C15;
};

std::string name_of(std::string_view sql, std::span<const std::uint32_t> declared) {
    name_hash hash;
    hash.add(sql);
    for (const std::uint32_t type : declared) hash.add("," + std::to_string(type));
    return hash.name();
}

std::unique_ptr<prepared> described(std::string name, const PGresult& r) {
    const libpq& pq = library();
    auto p = std::make_unique<prepared>();
    p->name = std::move(name);
    for (int i = 0; i < pq.PQnparams(&r); ++i) p->parameters.push_back(pq.PQparamtype(&r, i));
    return p;
}

} // namespace

prepared& prepared_statements::take(std::string_view sql, std::span<const std::uint32_t> declared) {
    std::string name = name_of(sql, declared);
    auto known = by_name_.find(name);
    if (known == by_name_.end()) {
        drop_stale();
        make_room();
        const std::string text(sql);
        result_handle description;
        std::string lost = name; // the server may have it, and kin found no memory to know of it
        uncertain_.reserve(uncertain_.size() + 1);
        try {
            auto [made, described_it] = channel_.exchange_together(
                [&](PGconn* c) {
                    return library().PQsendPrepare(c, name.c_str(), text.c_str(),
                                                   static_cast<int>(declared.size()), declared.data());
                },
                [&](PGconn* c) { return library().PQsendDescribePrepared(c, name.c_str()); });
            channel_.check(*made);
            channel_.check(*described_it);
            description = std::move(described_it);
            known = by_name_.emplace(name, described(name, *description)).first;
        } catch (const std::bad_alloc&) {
            uncertain_.push_back(std::move(lost));
            throw;
        }
        ++unused_; // should the types of its columns not be found out
        known->second->binary = reads_binary_of(*description);
        --unused_;
    } else if (known->second->users == 0) {
        --unused_;
    }
    ++known->second->users;
    return *known->second;
}

bool prepared_statements::reads_binary_of(const PGresult& description) {
    const libpq& pq = library();
    bool all = true;
    for (int i = 0; all && i < pq.PQnfields(&description); ++i) {
        const std::uint32_t type = pq.PQftype(&description, i);
        // An enumeration is the number of its word, of four bytes.
        all = reads_binary(type) || (pq.PQfsize(&description, i) == 4 && is_enumeration(type));
    }
    return all;
}

bool prepared_statements::is_enumeration(std::uint32_t type) {
    constexpr std::uint32_t first_own_type = 16384;
    if (type < first_own_type) return false;
    if (const auto known = own_types_.find(type); known != own_types_.end()) return known->second;
    const std::string question =
        "SELECT 1 FROM pg_catalog.pg_type WHERE typtype = 'e' AND oid = " + std::to_string(type);
    const result_handle r = channel_.run(question.c_str());
    return own_types_[type] = library().PQntuples(r.get()) != 0;
}

void prepared_statements::release(prepared& p) noexcept {
    if (--p.users != 0) return;
    ++unused_;
    p.released = ++releases_;
}

void prepared_statements::forget(prepared& p) noexcept {
    if (p.users == 0) --unused_;
    by_name_.erase(by_name_.find(p.name));
}

void prepared_statements::drop(prepared& p) {
    stale_.push_back(p.name);
    forget(p);
}

/// In a transaction that has failed the server does nothing.
void prepared_statements::drop_stale() {
    if (channel_.transaction_status() == PQTRANS_INERROR) return;
    while (!uncertain_.empty()) {
        const std::string question =
            "SELECT 1 FROM pg_catalog.pg_prepared_statements WHERE name = '" + uncertain_.back() + "'";
        const result_handle r = channel_.run(question.c_str());
        if (library().PQntuples(r.get()) != 0) stale_.push_back(uncertain_.back());
        uncertain_.pop_back();
    }
    while (!stale_.empty()) {
        channel_.run(("DEALLOCATE " + stale_.back()).c_str());
        stale_.pop_back();
    }
}

/// The server keeps what is prepared until it is told otherwise.
void prepared_statements::make_room() {
    if (unused_ <= most_unused || channel_.transaction_status() == PQTRANS_INERROR) return;
    prepared* oldest = nullptr;
    for (const auto& [name, p] : by_name_) {
        if (p->users == 0 && (oldest == nullptr || p->released < oldest->released)) oldest = p.get();
    }
    channel_.run(("DEALLOCATE " + oldest->name).c_str());
    forget(*oldest);
}

} // namespace kin::postgresql
