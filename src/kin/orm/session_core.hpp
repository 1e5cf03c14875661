// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "association_changes.hpp"
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
#include "kin/orm/set_statement.hpp"
#include "kin/sql/compiler.hpp"
#include "load_plan.hpp"
#include "undo_log.hpp"
#include "unit_of_work.hpp"

namespace kin::detail {

class association_rows;
class joined_loader;
class new_rows;
class open_statement;
class persistence;
class row_loader;

/// Who makes the session write before it reads, for the error of a flush that fails then.
struct flush_asker {
    const char* call = "";                    // "the query for", "count() of" ...
    const mapper* type = nullptr;             // ... objects of this class,
    const relationship* collection = nullptr; // ... or this relationship; null: the call says it all
    [[nodiscard]] std::string text() const;
};

/// What a session is: the objects, their pool and identity map, the transaction. `session` is its typed front.
class session_core final : public object_context {
public:
    session_core(const kin::engine& e, const session_options& options, const std::source_location& where);
    session_core(const session_core&) = delete;
    session_core& operator=(const session_core&) = delete;
    ~session_core();

    // object_context
    void watch(node& n) override;
    void load(node& owner, const relationship& r) override;
    void check_access(const node& owner, const relationship& r) const override;
    void reload(node& n) override;
    [[nodiscard]] node* find_target(const node& child, const relationship& r) override;
    void take_in(node& n) override;
    void let_go(node& n) noexcept override;
    void changing(const link_change& change) override;
    void changing(const association_change& change) override;
    [[nodiscard]] bool is_linked(const node& owner, const relationship& r, const node& other) override;
    [[nodiscard]] std::size_t count(node& owner, const relationship& r) override;
    [[nodiscard]] std::vector<const node*> remembered() const override;

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
    void begin(const transaction_options& options);
    void flush();
    /// Writes what is pending before `asker` reads, if the session does that by itself.
    void autoflush(const flush_asker& asker);
    /// Nothing can be there to flush.
    [[nodiscard]] bool is_clean() const noexcept {
        return pending_.empty() && watched_.empty() && removing_.empty() && associations_.empty();
    }
    void commit();
    void rollback();
    void close();
    [[nodiscard]] bool has_changes();
    [[nodiscard]] std::string plan();
    [[nodiscard]] std::uint64_t begin_nested();
    void release_savepoint(std::uint64_t number);
    void rollback_savepoint(std::uint64_t number);
    [[nodiscard]] bool has_savepoint(std::uint64_t number) const noexcept;
    /// Rolls back those inside of `number` that are still open: handles that were kept too long.
    void end_inner_savepoints(std::uint64_t number);
    [[nodiscard]] bool in_transaction() const noexcept { return lease_.has_value(); }

    // reading
    [[nodiscard]] node* get(const mapper& m, std::span<const cell> key);
    void add_criteria(class_criteria one);
    void clear_criteria(const mapper& m);
    /// The conditions under which objects load that stand at `place`: those of their query and of the session.
    [[nodiscard]] std::vector<table_condition> criteria_at(const load_place& place) const;
    [[nodiscard]] std::vector<node*> run(const entity_query& q, std::uint64_t limit);
    [[nodiscard]] std::int64_t count(const entity_query& q);
    [[nodiscard]] bool exists(const entity_query& q);
    void run(const row_plan& plan, std::span<const cell_kind> kinds, row_sink& sink);
    /// The next objects of a query that is read in batches.
    [[nodiscard]] std::vector<node*> next_batch(const entity_query& q, open_statement& s);
    [[nodiscard]] compiled_statement compile_rows(const row_plan& plan);
    [[nodiscard]] compiled_statement compile_objects(const entity_query& q, joined_loader& joined,
                                                     const std::vector<table_condition>& criteria,
                                                     std::uint64_t limit) const;
    std::int64_t execute(std::string_view text, std::initializer_list<named_value> binds,
                         const execution_options& options);
    /// Runs a set-based statement and lets the objects in memory follow. `sink`, unless null, takes what it returns.
    std::int64_t execute(const set_plan& plan, std::span<const cell_kind> kinds, row_sink* sink);
    [[nodiscard]] kin::cancel_handle cancel_handle();

    // for the rooms beside this one
    /// The connection, in a transaction that begins now if need be. Throws: pending_rollback, pool_timeout, connection_error.
    [[nodiscard]] connection& reading();
    [[nodiscard]] connection& writing();
    /// ... for a statement of the program, which may change any row.
    [[nodiscard]] connection& writing_unknown_rows();
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
    /// The row of `n` was written and is `now`; what it was is kept for a rollback.
    void accept_row(node& n, row_copy now);
    /// Whether the link was taken away in memory, while the database may still have it.
    [[nodiscard]] bool is_unlinked(const node& owner, const relationship& r,
                                   const node& other) const noexcept;
    /// The objects in memory that refer to `parent` by the other side of `r`, whether or not the collection is loaded.
    [[nodiscard]] std::vector<node*> known_children(const node& parent, const relationship& r);
    /// Links objects whose foreign key was set by hand before the session knew the object that has this key.
    void follow_late_targets(const relationship& side);
    /// ... before rows of `m` had the keys that they have now.
    void follow_new_keys(const mapper& m);
    /// The links of `owners` were just read. When they lack objects that this transaction has deleted, or its rows are not known, a rollback
    /// unloads them.
    void note_loaded_links(const std::vector<node*>& owners, const relationship& r);
    void fire(session_event e, node* n = nullptr);
    void set_front(session* front) noexcept { front_ = front; }
    [[nodiscard]] session* front() const noexcept { return front_; }
    /// `from` is at the row of a known object that is expired, or that the running query overwrites.
    void take_row(node& n, row_loader& from);
    /// An object whose row is gone leaves the session, and the loaded collections that it is in. Whether it did.
    bool drop_gone(node& n);
    /// The running query overwrites the objects that are known.
    [[nodiscard]] bool replaces_known() const noexcept { return replaced_ != nullptr; }
    /// Whether note_read() is to be called for each object of this class that is read for the first time.
    [[nodiscard]] bool notes_reading(const mapper& m) const noexcept {
        return replaced_ || undo_.may_change_back(m);
    }
    /// The running query need not overwrite it; and a rollback may leave it with a foreign key that its row never had before.
    void note_read(node& n);
    /// Whether the row of `n` is known, or there: an expired object is read again.
    [[nodiscard]] bool is_there(node& n) { return !n.has(node_flag::expired) || read_again(n); }
    /// Whether a link was made or taken away that is not in the database yet.
    [[nodiscard]] bool has_unwritten_link(const node& owner, const relationship& r,
                                          const node& other) const noexcept;
    [[nodiscard]] bool has_unwritten_links(const node& n) const noexcept { return associations_.concern(n); }
    /// A statement is read for longer than one call: the session ends it before its transaction.
    void note_open(open_statement& s);
    void forget_open(open_statement& s) noexcept;
    /// Throws: pending_rollback when the transaction has failed.
    void check_usable() const;
    /// Remembers that the transaction has failed, and rolls it back in the database.
    void fail(const char* what) noexcept;

private:
    friend class cascade_walk;
    void take_all(std::span<node* const> all);
    void take_one(node& n);
    void remember_links(node& n);
    void give_back(node& n) noexcept;
    void detach(node& n, object_state state) noexcept;
    void take_out(node& n);
    void detach_all() noexcept;
    void open_transaction(const transaction_options& options);
    void commit_lease();
    [[nodiscard]] transaction_options usual(transaction_access access) const noexcept;
    void check_not_flushing(const char* calls) const;
    void flush_now(bool everything);
    void prepare_flush(bool everything, std::vector<node*> going);
    class trial; // of prepare_flush(), taken back
    void carry_out(const flush_plan& plan);
    void carry_out(const flush_plan::step& group, const flush_plan& plan, persistence& work,
                   association_rows& links, connection& c);
    void insert(const flush_plan::step& group, persistence& work, connection& c);
    void note_loose_keys(node& n);
    void replace(node& old, node& fresh, persistence& work);
    void hand_over(const flush_plan& plan);
    void follow_foreign_keys();
    [[nodiscard]] flush_plan plan_flush(bool everything);
    void put_off_for_orphans(std::vector<node*>& inserts, std::vector<node*>& changed,
                             std::vector<node*>& deletes);
    [[nodiscard]] bool takes_key_over(const node& n);
    [[nodiscard]] node* target_of_row(const node& n, const relationship& r);
    void let_go_of_orphans();
    void accept_removed(const std::vector<node*>& objects);
    void forget_links_to_removed(const std::vector<node*>& objects);
    [[nodiscard]] std::vector<association_changes::change> links_to_write(bool linked) const;
    [[nodiscard]] std::vector<association_changes::change>
    links_to_make(const std::vector<const flush_plan::step*>& inserts) const;
    void end_transaction(bool committed) noexcept;
    void interrupt_open() noexcept;
    void check_persistent(const node& n, const char* action) const;
    void expire_objects();
    void expire_one(node& n, new_rows& fresh);
    void mark_expired(node& n, new_rows& fresh);
    void follow_row(node& n, new_rows& fresh);
    void follow_row(node& n, const relationship& r, new_rows& fresh);
    void make_way(node& n, const relationship& r, node& parent, new_rows& fresh);
    void unload(node& owner, const relationship& r, new_rows& fresh);
    void throw_links_away(node& owner, const relationship& r);
    void leave_collections(node& n);
    enum class unwritten : bool { is_lost, stays };
    void overwrite(node& n, row_loader& from, unwritten late);
    [[nodiscard]] node* get_by_query(const mapper& m, std::span<const cell> key);
    std::int64_t update_rows(const set_plan& plan, std::span<const cell_kind> kinds, row_sink* sink);
    std::int64_t remove_rows(const set_plan& plan, std::span<const cell_kind> kinds, row_sink* sink);
    void follow_update(const std::vector<node*>& matched, const set_plan& plan);
    void follow_removal(const std::vector<node*>& matched);
    std::vector<node*> load_rows(const entity_query& q, const load_place& place, std::uint64_t limit);
    [[nodiscard]] bool read_again(node& n);
    [[nodiscard]] bool has_row_still(node& n);
    void refresh_related(node& start);
    using saved_rows = std::unordered_map<node*, row_copy>;
    void keep_past(node& n);
    void check_innermost(std::uint64_t number) const;
    [[nodiscard]] bool undo_to_savepoint() noexcept;
    /// Gives objects the past back that they had at a point of the log; `rows`: of a savepoint, null for the whole transaction.
    void restore_objects(const undo_log::mark& from, saved_rows* rows);
    void expire_doubtful(std::span<node* const> objects);
    void follow_foreign_keys_of_new();
    void reset_keys(node& n);
    void restore_inserted(node& n);
    void settle_keys(node& n);
    [[nodiscard]] static row_copy* past_of(node& n, saved_rows* rows) noexcept;
    void restore_columns(node& n, saved_rows* rows);
    void restore_references(node& n);
    void return_to_identity_map(node& n, saved_rows* rows);
    void return_to_collections(node& n);
    static void return_to_positions(const node& n) noexcept;
    void ensure_pool(); // a closed session that is used again

    kin::engine engine_;
    session_options options_;
    std::source_location where_; // the line that made it
    kin::cancel_handle cancel_;  // each lease obeys it, once somebody has asked for it
    std::optional<connection> lease_;
    pool* pool_ = nullptr;
    identity_map objects_;
    statement_texts texts_;
    std::vector<open_statement*> open_; // on the lease, and read now and then
    std::vector<table_condition> criteria_;
    session_events events_;
    session* front_ = nullptr;

    std::vector<node*> pending_; // in the order of add()
    std::vector<node*> watched_; // persistent objects that somebody may have changed
    std::vector<node*> removing_;
    std::vector<node*> doubtful_; // a rollback has expired them, not the program
    association_changes associations_;
    undo_log undo_;
    std::vector<link_change>* tried_ = nullptr; // plan(): changes that are taken back at once
    std::uint64_t last_savepoint_ = 0;
    std::string failure_; // not empty: the transaction has failed, rollback() is due
    bool wrote_ = false;  // the open transaction may have written
    bool flushing_ = false;
    bool committing_ = false; // before_commit and the COMMIT
    bool undoing_ = false;
    std::unordered_set<const node*>* replaced_ = nullptr; // by the populate_existing query that runs
};

} // namespace kin::detail
