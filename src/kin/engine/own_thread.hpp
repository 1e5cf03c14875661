// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace kin {

/// For a call that knows no deadline: runs it in a thread of its own and returns what it returns; nothing when the deadline comes first. The thread is
/// left alone then, so `call` must own what it touches, and its result ends what nobody takes. Throws: what the call throws.
template <class Call>
[[nodiscard]] std::optional<std::invoke_result_t<Call>>
in_own_thread(Call call, std::chrono::steady_clock::time_point deadline) {
    auto answer = std::make_shared<std::promise<std::invoke_result_t<Call>>>();
    std::future<std::invoke_result_t<Call>> given = answer->get_future();
    std::thread([call = std::move(call), answer]() mutable {
        try {
            answer->set_value(call());
        } catch (...) {
            answer->set_exception(std::current_exception());
        }
    }).detach();
    if (given.wait_until(deadline) != std::future_status::ready) return std::nullopt;
    return given.get();
}

} // namespace kin
