// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "support/failing_allocator.hpp"
#include "support/faulty_driver.hpp"

namespace model {

/// One fault, that comes while this lives or not at all: the driver refuses a call, or there is no memory.
class armed_fault {
public:
    /// `number` says which one, and when. `fired` becomes true if it has come.
    armed_fault(kin::testing::fault_plan& plan, std::uint32_t number, bool& fired);
    armed_fault(const armed_fault&) = delete;
    armed_fault& operator=(const armed_fault&) = delete;
    ~armed_fault();

    [[nodiscard]] static std::string text_of(std::uint32_t number);
    /// Whether this is the exception that the fault promises.
    [[nodiscard]] static bool promises(std::uint32_t number, const std::exception& e);

private:
    kin::testing::fault_plan& plan_;
    bool& fired_;
    std::optional<kin::testing::failing_allocator> allocator_;
};

} // namespace model
