// SPDX-License-Identifier: MIT
#include "model/armed_fault.hpp"

#include <array>
#include <cstddef>
#include <new>

#include "kin/base/error.hpp"

namespace model {

namespace {

using kin::testing::driver_fault;
using kin::testing::failing_allocator;

template <class Error> bool is(const std::exception& e) { return dynamic_cast<const Error*>(&e) != nullptr; }
bool is_disk_full(const std::exception& e) {
    const auto* known = dynamic_cast<const kin::statement_error*>(&e);
    return known && known->code() == "disk_full";
}

struct sort_of_fault {
    const char* name;
    std::optional<driver_fault> driver; // none: an allocation fails
    failing_allocator::mode allocations;
    bool (*promised)(const std::exception& e);
};
constexpr auto once = failing_allocator::mode::once;
constexpr std::array sorts{
    sort_of_fault{"unique violation", driver_fault::unique_violation, once, is<kin::unique_violation>},
    sort_of_fault{"lock timeout", driver_fault::lock_timeout, once, is<kin::lock_timeout>},
    sort_of_fault{"no memory in the database", driver_fault::no_memory, once, is<std::bad_alloc>},
    sort_of_fault{"disk full", driver_fault::disk_full, once, is_disk_full},
    sort_of_fault{"connection lost", driver_fault::connection_lost, once, is<kin::connection_error>},
    sort_of_fault{"exception after the work", driver_fault::late, once, is<kin::testing::late_fault>},
    sort_of_fault{"no memory once", {}, once, is<std::bad_alloc>},
    sort_of_fault{"no memory once", {}, once, is<std::bad_alloc>},
    sort_of_fault{"no memory once", {}, once, is<std::bad_alloc>},
    sort_of_fault{"no more memory", {}, failing_allocator::mode::from_then_on, is<std::bad_alloc>},
};

const sort_of_fault& sort_of(std::uint32_t number) { return sorts[number % sorts.size()]; }
/// Mostly early: few calls take many statements, or many allocations.
std::size_t turn_of(std::uint32_t number) {
    const std::uint32_t draw = number / sorts.size();
    const std::uint32_t most = sort_of(number).driver ? (draw % 4 == 0 ? 20 : 4) : (draw % 4 == 0 ? 150 : 25);
    return 1 + draw / 4 % most;
}

} // namespace

armed_fault::armed_fault(kin::testing::fault_plan& plan, std::uint32_t number, bool& fired)
    : plan_(plan),
      fired_(fired) {
    const sort_of_fault& sort = sort_of(number);
    plan_.arm(sort.driver.value_or(driver_fault::late), sort.driver ? turn_of(number) : 0);
    if (!sort.driver) allocator_.emplace(turn_of(number), sort.allocations);
}

armed_fault::~armed_fault() {
    fired_ = fired_ || plan_.fired() || (allocator_ && allocator_->fired());
    allocator_.reset();
    plan_.disarm();
}

std::string armed_fault::text_of(std::uint32_t number) {
    return std::string(sort_of(number).name) + ", number " + std::to_string(turn_of(number));
}

bool armed_fault::promises(std::uint32_t number, const std::exception& e) {
    return sort_of(number).promised(e);
}

} // namespace model
