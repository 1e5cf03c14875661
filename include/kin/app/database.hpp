// SPDX-License-Identifier: MIT
#pragma once

#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kin/app/retry.hpp"
#include "kin/base/error.hpp"
#include "kin/base/located.hpp"
#include "kin/create_engine.hpp"
#include "kin/mapping/model.hpp"
#include "kin/orm/session.hpp"
#include "kin/schema/metadata.hpp"

namespace kin {

/// What an application holds: one engine, and the ways to use it. Make one per database and share it; it is safe for threads.
/// Copies share the engine.
class database {
public:
    /// As create_engine(). Throws: usage_error (bad_url), connection_error.
    explicit database(std::string_view url, const engine_options& options = {},
                      call_place where = call_place::current());
    /// Shares an engine that exists already.
    explicit database(kin::engine e) noexcept : engine_(std::move(e)) {}

    /// A new session. Takes no connection before its first statement. It may outlive the database: it shares the engine.
    [[nodiscard]] kin::session session(const session_options& options = {},
                                       call_place where = call_place::current()) const;
    /// The engine that sessions and copies share.
    [[nodiscard]] const kin::engine& engine() const noexcept { return engine_; }

    /// Creates the tables of these models, and those behind their many_to_many members, that are missing, referenced ones first, and their indexes. Tables that exist are left as they are:
    /// changing them is the work of a migration.
    /// SQL: as engine::create_all(). Throws: mapping_error, and as engine::create_all().
    template <class... Models> void create_all(call_place where = call_place::current()) const {
        detail::located(where, [&] { engine_.create_all(tables_of<Models...>()); });
    }
    /// Drops the tables of these models that exist, referencing ones first. SQL: as engine::drop_all(). Throws: mapping_error, database_error.
    template <class... Models> void drop_all(call_place where = call_place::current()) const {
        detail::located(where, [&] { engine_.drop_all(tables_of<Models...>()); });
    }

    /// Runs `work` with a session of its own: commits when it returns, rolls back when it throws, and passes the exception on.
    /// When the database gives the transaction up (transaction_rollback: serialization failure, deadlock, a lock that was not had in time), runs `work`
    /// again with a fresh session, after a pause, as `retry` says: it must not do anything outside of the session that may not be done
    /// twice. Any other error is never tried again, above all not a commit whose outcome is unknown.
    /// Returns what `work` returns. Throws: as session::commit(); the last error when no attempt succeeded.
    template <class F>
    decltype(auto) transaction(F&& work, const session_options& options = {}, const retry_options& retry = {},
                               call_place where = call_place::current()) const {
        detail::retry_loop attempts(retry);
        for (;;) {
            try {
                return attempt(work, options, where);
            } catch (const transaction_rollback&) {
                attempts.pause_or_rethrow();
            }
        }
    }

private:
    template <class F>
    decltype(auto) attempt(F& work, const session_options& options, const call_place& where) const {
        kin::session s = session(options, where);
        if constexpr (std::is_void_v<decltype(work(s))>) {
            work(s);
            s.commit(where);
        } else {
            decltype(auto) result = work(s);
            s.commit(where);
            return result;
        }
    }
    template <class... Models> [[nodiscard]] static metadata tables_of() {
        static_assert(sizeof...(Models) > 0, "kin: name the models: db.create_all<User, Post>()");
        metadata m;
        (m.add(detail::configured_mapper<Models>().table()), ...);
        (detail::add_associations(m, detail::configured_mapper<Models>()), ...);
        return m;
    }
    kin::engine engine_;
};

} // namespace kin
