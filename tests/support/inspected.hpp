// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "kin/engine/connection.hpp"
#include "kin/engine/engine.hpp"
#include "kin/engine/inspector.hpp"

namespace kin::testing {

/// An inspector with a connection of its own.
class inspected {
public:
    explicit inspected(const engine& e) : connection_(e.connect()), inspector_(e.inspect(connection_)) {}
    inspector* operator->() const { return inspector_.get(); }

private:
    connection connection_;
    std::unique_ptr<inspector> inspector_;
};

} // namespace kin::testing
