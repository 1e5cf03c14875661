// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "entity_select.hpp"
#include "identity_map.hpp"
#include "kin/engine/engine.hpp"
#include "kin/mapping/object_context.hpp"
#include "kin/mapping/pool.hpp"
#include "kin/orm/entity_query.hpp"
#include "kin/orm/merge_options.hpp"
#include "kin/orm/row_query.hpp"
#include "kin/orm/session_events.hpp"
#include "kin/orm/session_options.hpp"
#include "undo_log.hpp"

namespace kin::detail {

struct flush_plan;
class row_loader;

/// What a session is: the objects, their pool and identity map, the transaction. `session` is its typed front.
class session_core final : public object_context {
public:
    session_core(const kin::engine& e, const session_options& options);
    session_core(const session_core&) = delete;
    session_core& operator=(const session_core&) = delete;
    ~session_core();

    // object_context
    void watch(node& n) override;
    void load(node& owner, const relationship& r) override;
    void reload(node& n) override;
    [[nodiscard]] node* find_target(const node& child, const relationship& r) override;
    void take_in(node& n) override;
    void let_go(node& n) noexcept override;
    void changing(const link_change& change) override;

    // states
    void add(node& n);
    void remove(node& n);
    void expunge(node& n);
    void expunge_all();
    void expire(node& n);
    void expire_all();
    void refresh(node& n);
    [[nodiscard]] node& merge(node& source, const merge_options& options);
    [[nodiscard]] bool contains(const node& n) const noexcept { return n.context == this; }

    // what it has
    [[nodiscard]] static bool is_modified(node& n);
    [[nodiscard]] std::vector<node*> pending(const mapper& m) const;
    [[nodiscard]] std::vector<node*> modified(const mapper& m) const;
    [[nodiscard]] std::vector<node*> removed(const mapper& m) const;

    // transaction
    void flush();
    void autoflush();
    void commit();
    void rollback();
    void close();
    [[nodiscard]] bool has_changes();
    [[nodiscard]] bool in_transaction() const noexcept { return lease_.has_value(); }

    // reading
    [[nodiscard]] node* get(const mapper& m, std::span<const cell> key);
    [[nodiscard]] std::vector<node*> run(const entity_query& q, std::uint64_t limit);
    [[nodiscard]] std::int64_t count(const entity_query& q);
    [[nodiscard]] bool exists(const entity_query& q);
    void run(const row_plan& plan, std::span<const cell_kind> kinds, row_sink& sink);
    std::int64_t execute(std::string_view text, std::initializer_list<named_value> binds);

    // for the rooms beside this one
    /// The connection, in a transaction that begins now if need be. Throws: pending_rollback, pool_timeout, connection_error.
    [[nodiscard]] connection& reading();
    [[nodiscard]] connection& writing();
    [[nodiscard]] identity_map& objects() noexcept { return objects_; }
    [[nodiscard]] pool& storage() {
        ensure_pool();
        return *pool_;
    }
    [[nodiscard]] statement_texts& texts() noexcept { return texts_; }
    [[nodiscard]] undo_log& undo() noexcept { return undo_; }
    [[nodiscard]] const kin::dialect& dialect() const noexcept { return engine_.dialect(); }
    [[nodiscard]] const kin::engine& engine() const noexcept { return engine_; }
    [[nodiscard]] session_events& events() noexcept { return events_; }
    /// An object just got its row, or came back to it: known by its key, its changes are noticed.
    void make_persistent(node& n);
    /// The row of `n` was updated: when its key changed, it is known by the new one.
    void rekey(node& n, std::span<const cell> before, std::span<const cell> now);
    void fire(session_event e, node* n = nullptr);
    void set_front(session* front) noexcept { front_ = front; }
    [[nodiscard]] session* front() const noexcept { return front_; }
    /// `from` is at the row of a known object that is expired, or that the running query overwrites.
    void take_row(node& n, row_loader& from);
    /// An object whose row is gone leaves the session, and the loaded collections that it is in. Whether it did.
    bool drop_gone(node& n);
    /// The running query overwrites the objects that are known.
    [[nodiscard]] bool replaces_known() const noexcept { return replacing_; }
    /// Throws: pending_rollback when the transaction has failed.
    void check_usable() const;
    /// Remembers that the transaction has failed, and rolls it back in the database.
    void fail(const char* what) noexcept;

private:
    friend class cascade_walk;
    void take_one(node& n);
    void detach(node& n, object_state state) noexcept;
    void take_out(node& n);
    void detach_all() noexcept;
    void begin(transaction_access access);
    void check_not_flushing(const char* calls) const;
    void flush_now(bool everything);
    [[nodiscard]] flush_plan plan_flush(bool everything);
    void put_off_for_orphans(std::vector<node*>& inserts, std::vector<node*>& changed,
                             std::vector<node*>& deletes);
    [[nodiscard]] node* target_of_row(const node& n, const relationship& r);
    void let_go_of_orphans();
    void accept_removed(const std::vector<node*>& objects);
    void end_transaction(bool committed) noexcept;
    void restore_objects() noexcept;
    void restore_inserted(node& n) noexcept;
    void settle_keys(node& n) noexcept;
    void restore_row(node& n) noexcept;
    void return_to_collections(node& n) noexcept;
    void check_persistent(const node& n, const char* action) const;
    void expire_objects();
    void expire_one(node& n);
    void mark_expired(node& n);
    void follow_row(node& n);
    void follow_row(node& n, const relationship& r);
    void overwrite(node& n, row_loader& from);
    [[nodiscard]] bool read_again(node& n);
    [[nodiscard]] bool has_row_still(node& n);
    void refresh_related(node& start);
    void ensure_pool(); // a closed session that is used again

    kin::engine engine_;
    session_options options_;
    std::optional<connection> lease_;
    pool* pool_ = nullptr;
    identity_map objects_;
    statement_texts texts_;
    session_events events_;
    session* front_ = nullptr;

    std::vector<node*> pending_; // in the order of add()
    std::vector<node*> watched_; // persistent objects that somebody may have changed
    std::vector<node*> removing_;
    undo_log undo_;
    std::string failure_; // not empty: the transaction has failed, rollback() is due
    bool wrote_ = false;  // the open transaction may have written
    bool flushing_ = false;
    bool committing_ = false; // before_commit and the COMMIT
    bool undoing_ = false;
    bool replacing_ = false; // a query that populates existing objects runs
};

} // namespace kin::detail
