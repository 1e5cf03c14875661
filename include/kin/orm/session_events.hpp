// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/mapping/model.hpp"
#include "kin/mapping/node.hpp"

namespace kin {

class session;

enum class session_event : std::uint8_t {
    before_flush,
    after_flush,
    before_commit,
    after_commit,
    after_rollback,
    before_insert,
    after_insert,
    before_update,
    after_update,
    before_remove,
    after_remove,
};

/// Handlers that a session calls. They run on the session's thread, in the order in which they were added.
///
/// An exception thrown by a handler passes through to the caller of flush() or commit(). Before the COMMIT (before_flush to
/// after_flush, before_commit, and those of single objects) it fails the transaction: the database has nothing of it, and the session
/// waits for rollback(). In after_commit and after_rollback the transaction is over and stays as it is.
///
/// before_flush may change objects, add and remove them: the flush takes the changes along. Handlers of single objects may read
/// everything and change columns of their own object in before_insert and before_update; what
/// before_commit changes is flushed before the COMMIT. During a flush flush(), commit(), rollback(), close(), expunge() and
/// expire() throw state_error (reentrant_flush); in before_commit all of these but flush().
class session_events {
public:
    template <class F> void before_flush(F f) { on_session(session_event::before_flush, std::move(f)); }
    template <class F> void after_flush(F f) { on_session(session_event::after_flush, std::move(f)); }
    template <class F> void before_commit(F f) { on_session(session_event::before_commit, std::move(f)); }
    template <class F> void after_commit(F f) { on_session(session_event::after_commit, std::move(f)); }
    template <class F> void after_rollback(F f) { on_session(session_event::after_rollback, std::move(f)); }

    template <class T, class F> void before_insert(F f) {
        on_object<T>(session_event::before_insert, std::move(f));
    }
    template <class T, class F> void after_insert(F f) {
        on_object<T>(session_event::after_insert, std::move(f));
    }
    template <class T, class F> void before_update(F f) {
        on_object<T>(session_event::before_update, std::move(f));
    }
    template <class T, class F> void after_update(F f) {
        on_object<T>(session_event::after_update, std::move(f));
    }
    template <class T, class F> void before_remove(F f) {
        on_object<T>(session_event::before_remove, std::move(f));
    }
    template <class T, class F> void after_remove(F f) {
        on_object<T>(session_event::after_remove, std::move(f));
    }

    // for the session
    struct handler {
        handler(session_event e, const mapper* t) noexcept : event(e), type(t) {}
        virtual ~handler() = default;
        virtual void call(session& s, detail::node* n) = 0;
        session_event event;
        const mapper* type; // null: no object
    };
    [[nodiscard]] bool has(session_event e) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return handlers_.empty(); }
    void call(session_event e, session& s, detail::node* n) const;

private:
    template <class F> void on_session(session_event e, F f) {
        struct function final : handler {
            function(session_event which, F g) : handler(which, nullptr), f(std::move(g)) {}
            void call(session& s, detail::node*) override { f(s); }
            F f;
        };
        static_assert(std::is_invocable_v<F&, session&>, "kin: a session handler takes a kin::session&");
        handlers_.push_back(std::make_unique<function>(e, std::move(f)));
    }
    template <class T, class F> void on_object(session_event e, F f) {
        struct function final : handler {
            function(session_event which, F g) : handler(which, &mapper_of<T>()), f(std::move(g)) {}
            void call(session& s, detail::node* n) override {
                detail::touch(*n);
                f(s, *static_cast<T*>(n->object()));
            }
            F f;
        };
        static_assert(std::is_invocable_v<F&, session&, T&>,
                      "kin: an object handler takes a kin::session& and the object");
        handlers_.push_back(std::make_unique<function>(e, std::move(f)));
    }
    std::vector<std::unique_ptr<handler>> handlers_;
};

} // namespace kin
