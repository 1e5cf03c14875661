// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>

#include "kin/engine/driver.hpp"
#include "kin/engine/echo_observer.hpp"
#include "kin/engine/engine.hpp"
#include "kin/engine/make_engine.hpp" // IWYU pragma: export
#include "kin/engine/observer_list.hpp"
#include "kin/engine/pool.hpp"

namespace kin {

/// What the copies of an engine share. Owned by them and by the connections that are out, so it goes with the last of these.
struct engine::state {
    state(kin::url where, const engine_options& o, std::unique_ptr<const driver> d);
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    kin::url url;
    engine_options options;
    std::unique_ptr<const kin::driver> driver;
    std::optional<echo_observer> echo;
    statement_observers observers;
    connection_observers pool_observers;
    pool connections; // last: its connections end before their driver and observers
};

} // namespace kin
