// SPDX-License-Identifier: MIT
#include "model/keys_machine.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/test_database.hpp"

// Random sequences of operations on objects whose keys are in the keys of others and change, each compared with a plain model: see
// keys_machine.hpp. A run plays sequences that are always the same ones. KIN_SEED=n begins with another seed, KIN_SEQUENCES=n plays as many,
// KIN_OPERATIONS=n as long ones, KIN_FRESH=n that many fresh ones, whose first seed is printed: not by itself, as long as one in some thousands
// meets a key that was set by hand while two objects have it in memory, where the model says one and kin the other (KIN_SEED=3003759, 4005346,
// 5000343), or a child that is looked for by the key that a rollback has taken from its parent (KIN_SEED=2003957: not mended yet).

namespace {

#ifdef NDEBUG
constexpr std::size_t by_default = 1500;
#else
constexpr std::size_t by_default = 300;
#endif
constexpr std::size_t by_default_on_servers = 60;

std::size_t number_from(const char* variable, std::size_t otherwise) {
    const char* given = std::getenv(variable);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

struct outcome {
    std::string failure; // empty: none
    std::vector<std::string> story;
    std::size_t refused = 0;
};

class player {
public:
    player() { db_.create_all<keyed::Depot, keyed::Shelf, keyed::Box, keyed::Sticker>(); }
    ~player() {
        std::printf("[ keys     ] %zu sequences, %zu operations, %zu refused flushes\n", sequences_,
                    operations_, refused_);
    }
    player(const player&) = delete;
    player& operator=(const player&) = delete;

    /// False when one has failed; then it is told.
    bool play(std::size_t first, std::size_t count) {
        for (std::size_t seed = first; seed < first + count; ++seed) {
            const auto all =
                keyed::random_operations(static_cast<std::uint32_t>(seed), number_from("KIN_OPERATIONS", 60));
            const outcome o = outcome_of(all);
            ++sequences_;
            operations_ += o.story.size();
            refused_ += o.refused;
            if (o.failure.empty()) continue;
            const outcome shortest = outcome_of(shortened(all));
            std::string story;
            for (const std::string& step : shortest.story) story += "\n  " + step;
            ADD_FAILURE() << "KIN_SEED=" << seed << ": " << shortest.failure << "\nafter" << story;
            return false;
        }
        return true;
    }

private:
    outcome outcome_of(const std::vector<keyed::operation>& operations) {
        outcome o;
        keyed::machine machine(db_);
        try {
            for (const keyed::operation& one : operations) machine.run(one);
        } catch (const std::exception& e) {
            o.failure = e.what();
        }
        o.story = machine.story();
        o.refused = machine.refused_flushes();
        return o;
    }
    /// Leaves out operations as long as the sequence still fails.
    std::vector<keyed::operation> shortened(std::vector<keyed::operation> operations) {
        for (std::size_t size = operations.size() / 2; size != 0; size /= 2) {
            for (std::size_t at = 0; at + size <= operations.size();) {
                std::vector<keyed::operation> fewer = operations;
                const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
                fewer.erase(from, from + static_cast<std::ptrdiff_t>(size));
                if (outcome_of(fewer).failure.empty()) {
                    at += size;
                } else {
                    operations = std::move(fewer);
                }
            }
        }
        return operations;
    }

    kin::database db_{kin::testing::fresh_url()};
    std::size_t sequences_ = 0;
    std::size_t operations_ = 0;
    std::size_t refused_ = 0;
};

TEST(keys_machine, keys_that_are_in_keys_of_others_change_as_a_plain_model_says) {
    const std::size_t usual = kin::testing::on_sqlite() ? by_default : by_default_on_servers;
    const std::size_t fresh = number_from("KIN_FRESH", 0);
    player p;
    if (!p.play(number_from("KIN_SEED", 1), number_from("KIN_SEQUENCES", usual)) || fresh == 0) return;
    const std::size_t seed = std::random_device{}() & 0x7FFFFFFFU;
    std::printf("[ keys     ] fresh sequences from KIN_SEED=%zu\n", seed);
    p.play(seed, fresh);
}

} // namespace
