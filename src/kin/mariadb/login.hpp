// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kin/engine/connect_in_turn.hpp"
#include "kin/mariadb/client.hpp"

namespace kin::mariadb {

struct open_options;

/// Ends a connection of libmariadb, with a last word to the server that waits for a moment only.
struct handle_closer {
    const client* api;
    void operator()(MYSQL* m) const noexcept;
};
using owned_handle = std::unique_ptr<MYSQL, handle_closer>;

enum class login_end : std::uint8_t {
    done,
    failed,     // the handle has the error
    unanswered, // when the time was over
};

/// An attempt to log in.
struct login {
    owned_handle handle;
    login_end end = login_end::unanswered;
};

/// Connects to `host`, or to the socket that the options name, and logs in. `host` is an address; or a name, which libmariadb has to know to check the
/// certificate with, and looks up itself: then it has `addresses`, which are tried in turn. Throws: std::bad_alloc.
///
/// libmariadb looks names up and shakes hands for TLS without a deadline, whatever it was told. So with TLS a thread of its own does all of it, and is left
/// alone when the time is over.
[[nodiscard]] login log_in(const client& api, const open_options& options, const std::string& host,
                           std::size_t addresses, steady_time until);

} // namespace kin::mariadb
