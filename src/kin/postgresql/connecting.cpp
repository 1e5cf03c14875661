// SPDX-License-Identifier: MIT
// How a channel begins.
#include <algorithm>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poll.h>

#include "kin/base/error.hpp"
#include "kin/engine/connect_in_turn.hpp"
#include "kin/postgresql/channel.hpp"
#include "kin/postgresql/options.hpp"

namespace kin::postgresql {

namespace {

/// The SQLSTATE in the words with which the server refused a connection ("FATAL:  53300: ..."), which libpq tells in no other way.
std::string_view sqlstate_in(std::string_view words) {
    constexpr std::size_t letters = 5;
    for (std::size_t at = words.find(": "); at != std::string_view::npos; at = words.find(": ", at + 1)) {
        if (at < letters + 2 || words.substr(at - letters - 2, 2) != "  ") continue;
        const std::string_view found = words.substr(at - letters, letters);
        if (found.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos)
            return found;
    }
    return {};
}

constexpr std::string_view starting_or_stopping = "57P03";

/// The line of the server's source is nobody's business.
void trim(std::string& words) {
    if (const std::size_t at = words.find("\nLOCATION:"); at != std::string::npos) words.resize(at);
    while (!words.empty() && words.back() == '\n') words.pop_back();
}

[[noreturn]] void fail_connect(const std::string& place, std::string words) {
    const std::string state(sqlstate_in(words));
    trim(words);
    const bool is_full = state == "53300";
    throw connection_error(
        {.code = is_full ? "too_many_connections" : "cannot_connect",
         .message = "PostgreSQL at " + place +
                    (is_full ? " has no place for another connection; make pools smaller, or raise "
                               "max_connections (libpq: "
                             : " cannot be reached; check host, port, database, user and password (libpq: ") +
                    words + ")",
         .sql = {},
         .sqlstate = state});
}

[[noreturn]] void fail_late(const connect_options& o) {
    fail_connect(o.place, "no answer within " + std::to_string(o.connect_timeout_ms) + " ms");
}

using words_of_libpq = std::vector<std::pair<std::string, std::string>>;

/// The hosts that the URL names, separated by commas; one that is empty is the local socket.
std::vector<std::string> hosts_of(const connect_options& o) {
    const auto given = std::find_if(o.parameters.begin(), o.parameters.end(),
                                    [](const auto& p) { return p.first == "host"; });
    if (given == o.parameters.end()) return {""};
    std::vector<std::string> hosts(1);
    for (const char c : given->second) {
        if (c == ',') {
            hosts.emplace_back();
        } else {
            hosts.back() += c;
        }
    }
    return hosts;
}

/// What libpq is told to reach one target. The name stays beside the address, for the certificate.
words_of_libpq parameters_for(const connect_options& o, const connect_target& target) {
    words_of_libpq parameters = o.parameters;
    for (auto& [word, text] : parameters) {
        if (word == "host") text = target.host;
    }
    if (!target.address.empty()) parameters.emplace_back("hostaddr", target.address);
    return parameters;
}

} // namespace

channel::channel(const connect_options& o, const resolver& ask) : place_(o.place) {
    connect(o, ask);
    if (library().PQsetnonblocking(handle(), 1) != 0) fail_here();
    cancel_request_.reset(library().PQgetCancel(handle()), library().PQfreeCancel);
}

/// libpq would look the hosts up without a deadline, and spend all the time on the first address that is silent.
void channel::connect(const connect_options& o, const resolver& ask) {
    const auto deadline = deadline_in(o.connect_timeout_ms);
    const auto targets = connect_targets(hosts_of(o), deadline, ask);
    if (!targets) fail_late(o);
    const std::string reasons = connect_in_turn(
        *targets, deadline, [&](const connect_target& target, clock::time_point until) -> attempt_end {
            return attempt(parameters_for(o, target), until);
        });
    if (!reasons.empty()) fail_connect(place_, reasons);
}

attempt_end channel::attempt(const std::vector<std::pair<std::string, std::string>>& parameters,
                             clock::time_point until) {
    std::vector<const char*> words;
    std::vector<const char*> values;
    for (const auto& [word, text] : parameters) {
        words.push_back(word.c_str());
        values.push_back(text.c_str());
    }
    words.push_back(nullptr);
    values.push_back(nullptr);
    connection_.reset(library().PQconnectStartParams(words.data(), values.data(), 0));
    if (connection_ == nullptr) throw std::bad_alloc();
    // Notices, and the last words of a server that ends while it is being connected to, would go to the program's stderr.
    library().PQsetNoticeReceiver(handle(), [](void*, const PGresult*) {}, nullptr);
    library().PQsetErrorVerbosity(handle(), PQERRORS_VERBOSE); // with the SQLSTATE
    auto wanted = PGRES_POLLING_WRITING;
    while (library().PQstatus(handle()) != CONNECTION_BAD) {
        if (wanted == PGRES_POLLING_OK) {
            library().PQsetErrorVerbosity(handle(), PQERRORS_DEFAULT);
            return {.is_connected = true};
        }
        if (!wait(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) return {};
        wanted = library().PQconnectPoll(handle());
    }
    std::string reason = library().PQerrorMessage(handle());
    // Another server would refuse as well, unless this one only is not ready.
    const std::string_view state = sqlstate_in(reason);
    if (!state.empty() && state != starting_or_stopping) fail_connect(place_, std::move(reason));
    trim(reason);
    return {.is_connected = false, .reason = std::move(reason)};
}

} // namespace kin::postgresql
