// SPDX-License-Identifier: MIT
#include "model/sequence.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <random>

#include "model/machine.hpp"

namespace model {

namespace {

// How often each action comes, in the order of `action`.
constexpr std::array weights{
    22, // make
    2,  // make_in_place
    6,  // add
    8,  // assign_target
    8,  // push
    2,  // insert
    4,  // unassign
    4,  // erase
    2,  // move_and_remove
    4,  // set_key
    2,  // unset_key
    2,  // assign_collection
    1,  // clear_collection
    8,  // connect
    4,  // disconnect
    2,  // assign_links
    5,  // set_label
    1,  // set_label_and_back
    3,  // set_code
    1,  // take_code
    3,  // swap_codes
    2,  // rotate_codes
    2,  // swap_numbers
    1,  // touch
    4,  // remove
    1,  // stay
    2,  // refresh
    3,  // lose
    4,  // read
    5,  // query
    2,  // get
    1,  // count
    2,  // contains
    1,  // plan
    1,  // has_changes
    1,  // read_elsewhere
    6,  // flush
    6,  // commit
    3,  // rollback
    3,  // begin_savepoint
    2,  // release_savepoint
    2,  // roll_back_savepoint
    2,  // reopen
};
static_assert(weights.size() == actions);

/// Few classes meet more often than many do; what an object of a class cannot be without is always among them.
std::uint32_t some_classes(std::mt19937& random) {
    if (random() % 4 == 0) return ~std::uint32_t{0};
    std::uint32_t chosen = 0;
    for (std::size_t n = 1 + random() % 4; n != 0; --n) chosen |= 1U << (random() % kinds);
    for (bool grows = true; grows;) {
        grows = false;
        for (const reference_rule& r : references) {
            const std::uint32_t needed = 1U << index_of(r.to);
            if (!(chosen >> index_of(r.from) & 1) || (chosen & needed) || (!r.required && random() % 3 != 0))
                continue;
            chosen |= needed;
            grows = true;
        }
    }
    return chosen;
}

/// Some actions often, some rarely, some not at all: each sequence has its own ways.
std::discrete_distribution<int> some_actions(std::mt19937& random) {
    std::array<double, actions> own{};
    constexpr std::array factors{0.0, 0.5, 1.0, 1.0, 1.0, 3.0};
    for (std::size_t i = 0; i < actions; ++i) own[i] = weights[i] * factors[random() % factors.size()];
    own[static_cast<std::size_t>(action::make)] = 22;
    own[static_cast<std::size_t>(action::commit)] = 2 + random() % 8;
    return {own.begin(), own.end()};
}

} // namespace

sequence random_sequence(std::uint32_t seed, const sequence_options& options) {
    std::mt19937 random(seed);
    sequence made;
    made.how.classes = some_classes(random);
    made.how.autoflush = random() % 5 != 0;
    made.how.checks_always = random() % 3 != 0;
    std::size_t length = options.length;
    if (length == 0) length = 50 + random() % (random() % 50 == 0 ? 451 : 21);
    std::discrete_distribution<int> choose = some_actions(random);
    for (std::size_t i = 0; i < length; ++i) {
        operation& o = made.operations.emplace_back();
        o.what = static_cast<action>(choose(random));
        o.a = static_cast<std::uint32_t>(random());
        o.b = static_cast<std::uint32_t>(random());
        o.c = static_cast<std::uint32_t>(random());
        if (options.faults && random() % 10 == 0) o.fault = static_cast<std::uint32_t>(random()) | 1;
    }
    return made;
}

outcome play(stage& s, const sequence& whole) {
    outcome result;
    const auto has_fault = [](const operation& o) { return o.fault != 0; };
    // When memory runs out must not depend on what a cache knows already.
    if (std::any_of(whole.operations.begin(), whole.operations.end(), has_fault)) s.renew();
    machine m(s, whole.how);
    try {
        for (const operation& o : whole.operations) {
            m.run(o);
            ++result.operations;
        }
    } catch (const std::exception& e) {
        result.failure = e.what();
    }
    result.code = m.code();
    result.faults = m.faults();
    result.expected_errors = m.expected_errors();
    return result;
}

sequence shortened(sequence whole, const std::function<bool(const sequence&)>& fails) {
    for (std::size_t size = whole.operations.size() / 2; size != 0; size /= 2) {
        for (std::size_t at = 0; at + size <= whole.operations.size();) {
            sequence fewer = whole;
            const auto from = fewer.operations.begin() + static_cast<std::ptrdiff_t>(at);
            fewer.operations.erase(from, from + static_cast<std::ptrdiff_t>(size));
            if (fails(fewer)) {
                whole = std::move(fewer);
            } else {
                at += size;
            }
        }
    }
    return whole;
}

std::string as_test(const outcome& o, const std::string& name) {
    std::string text = "TEST(" + name +
                       ") {\n    using namespace model_world;\n"
                       "    kin::database db{kin::testing::fresh_url()};\n    create_all(db);\n";
    for (const std::string& line : o.code) text += "    " + line + "\n";
    text += "    // " + o.failure + "\n}\n";
    return text;
}

} // namespace model
