// SPDX-License-Identifier: MIT
#pragma once

#include <httplib.h>
#include <kin/kin.hpp>

#include "page.hpp"
#include "request_session.hpp"

namespace blog {

using handler = page (*)(request_session& db, const httplib::Request& request);

/// Runs a handler with a session of its own and sends its page, or the page of the error that it threw.
void answer(const kin::database& database, handler h, const httplib::Request& request,
            httplib::Response& response);
/// The page for a request that no handler has seen; its status is set already.
void answer_failure(const kin::database& database, const httplib::Request& request,
                    httplib::Response& response);

} // namespace blog
