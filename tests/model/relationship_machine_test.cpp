// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "model/sequence.hpp"
#include "support/test_database.hpp"

// Random sequences of operations on a session, each compared with a plain model after every step: see machine.hpp.
// A run plays sequences that are always the same ones, and fresh ones that nobody has played yet; the seed that these begin with is printed. An
// optimised build plays 10,000, and 1,000 with faults; a debug build, with sanitizers or without, has time for 400 and 40 only, and so has a server.
// KIN_SEED=n begins with another seed, KIN_SEQUENCES=n plays as many sequences, KIN_OPERATIONS=n as long ones, KIN_FRESH=n that many fresh ones, and
// KIN_MINUTES=n plays fresh ones for so long, and then as long with faults. A sequence that fails is shrunk and printed as C++, with its seed.

namespace {

/// Sequences of a run.
struct counts {
    std::size_t fixed;
    std::size_t fresh;
};
#ifdef NDEBUG
constexpr counts by_default{9500, 500};
#else
constexpr counts by_default{300, 100};
#endif
constexpr counts by_default_on_servers{300, 100};
constexpr std::size_t fewer_with_faults = 10; // each of them needs a new engine

std::size_t number_from(const char* variable, std::size_t otherwise) {
    const char* given = std::getenv(variable);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

/// Plays sequences and counts what happened in them.
class player {
public:
    explicit player(bool faults) : options_{.length = number_from("KIN_OPERATIONS", 0), .faults = faults} {}
    ~player() {
        std::printf("[ machine  ] %zu sequences, %zu operations, %zu expected errors, %zu faults\n",
                    sequences_, operations_, expected_errors_, faults_);
    }
    player(const player&) = delete;
    player& operator=(const player&) = delete;

    /// False when one has failed; then it is told.
    bool play(std::size_t first, std::size_t count) {
        for (std::size_t seed = first; seed < first + count; ++seed) {
            if (!play(static_cast<std::uint32_t>(seed))) return false;
        }
        return true;
    }
    /// Goes on after a failure: there may be more to find.
    void play_for(std::size_t minutes) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(minutes);
        for (std::size_t seed = fresh_seed(); std::chrono::steady_clock::now() < end; ++seed)
            (void)play(static_cast<std::uint32_t>(seed));
    }
    static std::size_t fresh_seed() {
        const std::size_t seed = number_from("KIN_SEED", std::random_device{}() & 0x7FFFFFFFU);
        std::printf("[ machine  ] fresh sequences from KIN_SEED=%zu\n", seed);
        return seed;
    }

private:
    bool play(std::uint32_t seed) {
        const model::sequence whole = model::random_sequence(seed, options_);
        const model::outcome o = model::play(stage_, whole);
        ++sequences_;
        operations_ += o.operations;
        expected_errors_ += o.expected_errors;
        faults_ += o.faults;
        if (o.failure.empty()) return true;
        const model::sequence shortest = model::shortened(
            whole, [&](const model::sequence& s) { return !model::play(stage_, s).failure.empty(); });
        ADD_FAILURE() << "KIN_SEED=" << seed << ": " << o.failure << "\n"
                      << model::as_test(model::play(stage_, shortest),
                                        "relationship_machine, seed_" + std::to_string(seed));
        return false;
    }

    model::sequence_options options_;
    model::stage stage_;
    std::size_t sequences_ = 0;
    std::size_t operations_ = 0;
    std::size_t expected_errors_ = 0;
    std::size_t faults_ = 0;
};

void play_sequences(bool faults) {
    player p(faults);
    if (const std::size_t minutes = number_from("KIN_MINUTES", 0)) {
        p.play_for(minutes);
        return;
    }
    const std::size_t share = faults ? fewer_with_faults : 1;
    const counts usual = kin::testing::on_sqlite() ? by_default : by_default_on_servers;
    const bool chosen = std::getenv("KIN_SEED") || std::getenv("KIN_SEQUENCES");
    const std::size_t fixed = number_from("KIN_SEQUENCES", usual.fixed / share);
    const std::size_t fresh = number_from("KIN_FRESH", chosen ? 0 : usual.fresh / share);
    if (!p.play(number_from("KIN_SEED", 1), fixed) || fresh == 0) return;
    p.play(player::fresh_seed(), fresh);
}

TEST(relationship_machine, objects_links_and_rows_are_what_a_plain_model_says) { play_sequences(false); }

TEST(relationship_machine, also_when_the_driver_refuses_or_memory_runs_out) { play_sequences(true); }

} // namespace
