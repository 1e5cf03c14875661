// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kin/engine/engine.hpp"

namespace kin::testing {

/// Counts the statements that an engine sends, on all threads, from its construction or the last reset() on.
/// `statement_counter counter{db}; ... EXPECT_EQ(counter.count(), 2);` Keeps the engine alive. Threads may share it.
class statement_counter {
public:
    explicit statement_counter(const kin::engine& e);
    /// For anything that has an engine, such as kin::database.
    template <class Owner>
        requires requires(const Owner& o) {
            { o.engine() } -> std::convertible_to<const kin::engine&>;
        }
    explicit statement_counter(const Owner& owner) : statement_counter(owner.engine()) {}
    statement_counter(const statement_counter&) = delete;
    statement_counter& operator=(const statement_counter&) = delete;
    ~statement_counter();

    /// Statements other than BEGIN, COMMIT and ROLLBACK, failed ones included.
    [[nodiscard]] std::size_t count() const;
    /// BEGINs that were sent.
    [[nodiscard]] std::size_t transactions() const;
    /// The texts of what count() counts, in the order in which they ended.
    [[nodiscard]] std::vector<std::string> statements() const;
    /// Forgets what was counted.
    void reset();

private:
    class recorder;
    kin::engine engine_;
    std::unique_ptr<recorder> recorder_;
};

} // namespace kin::testing
