// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <new>
#include <ostream>

#include "kin/app/database.hpp"
#include "unit/engine/fake_driver.hpp"

namespace kin::testing {

/// What kin does about an error.
enum class error_reaction : std::uint8_t {
    run_again,     // the transaction, from its start
    connect_again, // no connection of before is lent any more; the transaction is not run again by itself
    look_first,    // nobody knows whether the transaction is there: never again without looking
    nothing,       // who asked is told
};
inline std::ostream& operator<<(std::ostream& out, error_reaction r) {
    static constexpr const char* names[] = {"run_again", "connect_again", "look_first", "nothing"};
    return out << names[static_cast<std::size_t>(r)];
}

/// Where it happens.
enum class error_moment : std::uint8_t { statement, commit };

namespace detail {

struct invalidations final : connection_observer {
    void happened(const connection_event& e) noexcept override {
        count += e.kind == connection_event_kind::invalidated ? 1 : 0;
    }
    int count = 0;
};

struct no_pause final : retry_clock {
    std::int64_t now_ms() noexcept override { return 0; }
    void sleep(std::int64_t) override {}
};

} // namespace detail

/// What `db.transaction` and the pool do when the driver throws what `fail` throws.
inline error_reaction reaction_to(const std::function<void()>& fail, error_moment when) {
    fake_server server;
    if (when == error_moment::commit)
        server.on_commit = fail;
    else
        server.on_step = [&](std::string_view) { fail(); };
    const database db{fake_engine(server)};
    detail::invalidations lost;
    detail::no_pause clock;
    db.engine().add_observer(lost);
    int runs = 0;
    bool is_unknown = false;
    try {
        db.transaction(
            [&](session& s) {
                ++runs;
                s.execute("UPDATE t");
            },
            {}, {.attempts = 2, .clock = &clock});
    } catch (const commit_outcome_unknown&) {
        is_unknown = true;
    } catch (const error&) {
    } catch (const std::bad_alloc&) {}
    db.engine().remove_observer(lost);
    if (is_unknown) return runs == 1 ? error_reaction::look_first : error_reaction::run_again;
    if (runs != 1) return error_reaction::run_again;
    return lost.count != 0 ? error_reaction::connect_again : error_reaction::nothing;
}

} // namespace kin::testing
