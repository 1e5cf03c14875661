// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "kin/app/database.hpp"
#include "kin/mapping/model.hpp"
#include "kin/orm/session.hpp"
#include "kin/schema/metadata.hpp"

namespace kin::testing {

/// What a program does with a session, to be told again and again with one fault more each time. It may read, change and roll back as
/// it likes, commits at most once, and may do anything after that. It throws on, or leaves, whatever is thrown at it.
struct story {
    std::string rows; // SQL, as SQLite takes it, that fills the tables before
    std::function<void(kin::session&)> play;
    std::string question; // a SELECT of one value after it, asked of SQLite
    std::string answer;   // as a SQL literal
    /// It writes by raw SQL or by another session, so objects are refreshed before they are compared with their rows.
    bool writes_behind_backs = false;
};

namespace stage {

/// Calls `hook` at every event of a session that the models can see.
using listener = void (*)(session_events& events, const std::function<void()>& hook);
void tell_under_faults(const story& s, const metadata& tables, listener listen);

template <class T> void listen_to_objects(session_events& events, const std::function<void()>& hook) {
    const auto call = [hook](kin::session&, T&) { hook(); };
    events.before_insert<T>(call);
    events.after_insert<T>(call);
    events.before_update<T>(call);
    events.after_update<T>(call);
    events.before_remove<T>(call);
    events.after_remove<T>(call);
}

template <class... Models> void listen_to(session_events& events, const std::function<void()>& hook) {
    const auto call = [hook](kin::session&) { hook(); };
    events.before_flush(call);
    events.after_flush(call);
    events.before_commit(call);
    events.after_commit(call);
    events.after_rollback(call);
    (listen_to_objects<Models>(events, hook), ...);
}

} // namespace stage

/// Tells the story without a fault, and then for each kind of fault (driver_fault, allocations, handlers of events) with the fault at the
/// first place, the second, ... until it comes to its end without meeting it. After each:
/// - the exception is the one that the fault promises;
/// - both sides of every relationship agree, before and after rollback();
/// - after rollback() the database is as before, or, when the COMMIT had been done, as after the story: never in between;
/// - after rollback() all objects are as session_audit::settled() wants them;
/// - the same session then tells the whole story and leaves the database as it should be;
/// - if the session did not say that it waits for rollback(), it may also commit what there is: objects and rows agree.
///
/// On a server the rows must be the same as on SQLite, but for the keys that the database makes, and only some of the places are taken
/// (KIN_FAULT_STEP=1 takes all). KIN_FAULT="kind number" (such as "allocation 17") tells it with this fault alone.
template <class... Models> void survive_every_fault(const story& s) {
    metadata tables;
    (tables.add(kin::detail::configured_mapper<Models>().table()), ...);
    stage::tell_under_faults(s, tables, &stage::listen_to<Models...>);
}

} // namespace kin::testing
