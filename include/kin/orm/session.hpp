// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/engine/engine.hpp"
#include "kin/mapping/make.hpp"
#include "kin/orm/merge_options.hpp"
#include "kin/orm/query.hpp"
#include "kin/orm/row_query.hpp"
#include "kin/orm/savepoint.hpp"
#include "kin/orm/session_events.hpp"
#include "kin/orm/session_options.hpp"
#include "kin/orm/set_statement.hpp"

namespace kin {

namespace detail {
template <class Key>
inline constexpr bool can_be_key_value =
    sql_can_bind<Key> || std::is_convertible_v<const Key&, std::string_view>;
} // namespace detail

/// A unit of work with the database: an identity map (one row is one object), the objects that were added, changed and removed, and the
/// transaction they belong to. Take one per request or task, and end it with commit(); the destructor rolls back.
///
/// A transaction begins by itself with the first statement and ends with commit(), rollback() or close(); only in between does
/// the session hold a connection. Objects stay readable after all of these.
///
/// After an error in flush() or commit(), and after any error that ended the transaction, every call throws pending_rollback until
/// rollback(): then the database has nothing of the transaction, and every object is as it was before the transaction's first flush.
///
/// The last parameter of most functions is the place of the call, which is error::where() of what they throw; nobody names it.
///
/// Move-only. A session and its objects belong to one thread at a time.
class session {
public:
    /// A session on an engine, which it shares. No SQL, no connection yet.
    /// `where` is what the pool calls it, unless it has a label.
    explicit session(const engine& e, const session_options& options = {},
                     std::source_location where = std::source_location::current());
    session(session&& other) noexcept;
    session& operator=(session&& other) noexcept;
    /// As close().
    ~session();

    /// Puts an object, and everything it is linked to, into the session: new ones become pending, and the next flush inserts
    /// them; detached ones become persistent again. No SQL. Adding twice changes nothing.
    /// Throws: state_error (two_sessions, null_ref, duplicate_identity, object_deleted).
    template <class T> ref<T> add(const ref<T>& object, call_place where = call_place::current()) {
        add_object(object, where);
        return object;
    }
    /// Makes, adds and returns it: `session.add(User{.name = "John"})`.
    template <class T>
        requires(std::is_class_v<T> && !std::is_base_of_v<detail::any_ref, T>)
    ref<T> add(T object, call_place where = call_place::current()) {
        ref<T> made = make<T>(std::move(object));
        add_object(made, where);
        return made;
    }
    /// add() for each ref of a range.
    template <class Range> void add_all(const Range& objects, call_place where = call_place::current()) {
        for (const auto& object : objects) add_object(object, where);
    }
    template <class T>
    void add_all(std::initializer_list<ref<T>> objects, call_place where = call_place::current()) {
        for (const ref<T>& object : objects) add_object(object, where);
    }

    /// The object with this primary key: from the identity map without SQL, else by one SELECT; null when there is no row.
    /// A key of several columns is given in the order of the members. Throws: database_error, conversion_error.
    template <class T, class Key>
    [[nodiscard]] ref<T> get(const Key& the_key, call_place where = call_place::current()) {
        return ref<T>(find<T>(where, the_key));
    }
    template <class T, class... Key> [[nodiscard]] ref<T> get(const Key&... keys) {
        return ref<T>(find<T>(call_place(), keys...));
    }
    /// As get(). Throws: no_result_found when there is no row.
    template <class T, class Key>
    [[nodiscard]] ref<T> get_one(const Key& the_key, call_place where = call_place::current()) {
        return ref<T>(found(find<T>(where, the_key), detail::configured_mapper<T>(), where));
    }
    template <class T, class... Key> [[nodiscard]] ref<T> get_one(const Key&... keys) {
        return ref<T>(found(find<T>(call_place(), keys...), detail::configured_mapper<T>(), call_place()));
    }

    /// A query for objects.
    template <class T> [[nodiscard]] kin::query<T> query() { return kin::query<T>(shared_core()); }
    /// A query for the objects of a collection, without loading it: `session.query(user->posts).where(...).limit(10)`. Sees what is
    /// pending, as every query does.
    template <class T> [[nodiscard]] kin::query<T> query(const detail::collection<T>& of) {
        return kin::query<T>(shared_core()).where(of.condition());
    }
    /// From now on this session sees only the objects of a class for which a condition holds: `session.add_criteria(kin::criteria<Post>(
    /// kin::col<&Post::hidden> == false))`. It goes into queries for objects and rows, their subqueries, get() of what is not known yet,
    /// loads of relationships, and set-based statements; not into raw SQL, not into what the session must know to flush, and it hides
    /// no object that is in memory. Several are joined by AND; query::without_criteria() leaves them out. No SQL.
    void add_criteria(class_criteria one);
    /// Takes the criteria of one class back. What was loaded under them stays as it is.
    template <class T> void clear_criteria() { clear_criteria(detail::configured_mapper<T>()); }
    /// A query for rows of columns and functions; the class of the first column is what it selects from.
    template <class... Columns> [[nodiscard]] auto select(const Columns&... columns) {
        detail::row_plan plan(shared_core());
        (plan.add_column(detail::to_selected(columns)), ...);
        plan.statement.from = first_table(plan.statement.columns);
        return select_query<result_type<Columns>...>(std::move(plan));
    }
    /// Rows of raw SQL as tuples: `session.sql<int, std::string>("SELECT id, name FROM user WHERE name LIKE :p", {{"p", "J%"}})`.
    /// Values are bound, never spliced. Flushes before it runs.
    template <class... T>
    [[nodiscard]] row_result<T...> sql(std::string_view text, std::initializer_list<named_value> binds = {}) {
        return row_result<T...>(raw_plan(text, binds));
    }
    /// Runs raw SQL that gives no rows; returns how many rows it matched. Flushes before, so it sees what is pending. Objects in the session
    /// are not told: refresh() those that it may have changed.
    std::int64_t execute(std::string_view text, std::initializer_list<named_value> binds = {},
                         call_place where = call_place::current());
    std::int64_t execute(std::string_view text, std::initializer_list<named_value> binds,
                         const execution_options& options, call_place where = call_place::current());
    /// One UPDATE or DELETE for many rows, or an INSERT of plain objects: `session.execute(kin::update<User>().set(kin::col<&User::bio>, "x")
    /// .where(...))`. Returns how many rows it matched or made. Flushes before (session_options::autoflush), so it sees what is pending.
    ///
    /// Objects of the session follow: those whose row was updated are read again at their next access (at once when a foreign key was
    /// set, so that relationships follow), with what was changed in them and not written yet on top; those whose row was deleted become
    /// deleted and leave the collections in memory. A rollback gives all of them back as they were. Handlers of single objects are not
    /// called, and cascades do not run. An UPDATE counts kin::version up.
    /// Throws: data_error (value_out_of_range, text_too_long, invalid_utf8), compile_error, database_error; pending_rollback.
    template <class T, bool Sets>
    std::int64_t execute(const update_query<T, Sets>& statement, call_place where = call_place::current()) {
        static_assert(
            detail::sets_something<T, Sets>,
            "kin: this update sets nothing; write .set(kin::col<&User::name>, ...) before it is executed");
        return execute_plan(statement.plan(), where);
    }
    template <class T>
    std::int64_t execute(const remove_query<T>& statement, call_place where = call_place::current()) {
        return execute_plan(statement.plan(), where);
    }
    template <class T>
    std::int64_t execute(const insert_query<T>& statement, call_place where = call_place::current()) {
        return execute_plan(statement.plan(), where);
    }
    /// ... that hands columns of its rows back.
    template <class... T>
    std::vector<std::tuple<T...>> execute(const returning_statement<T...>& statement,
                                          call_place where = call_place::current()) {
        static constexpr cell_kind kinds[] = {codec<T>::type.cell()...};
        std::vector<std::tuple<T...>> rows;
        detail::tuple_sink<T...> sink(rows);
        execute_plan(statement.plan(), kinds, sink, where);
        return rows;
    }

    /// Marks an object for deletion: the next flush sends the DELETE, after what depends on it is settled. With cascade::remove the
    /// related objects are removed as well, now. Throws: state_error (not_persistent) for an object without a row.
    void remove(const detail::any_ref& object, call_place where = call_place::current());
    /// Begins the transaction now and in this way, instead of with the first statement. Ends as any other.
    /// Throws: state_error (transaction_open), usage_error (unsupported_isolation), lock_timeout, pool_timeout, connection_error.
    void begin(const transaction_options& options = {}, call_place where = call_place::current());
    /// Writes all changes, in the transaction. Does nothing when nothing has changed.
    /// Throws: database_error, data_error, stale_data (row_gone), state_error (cyclic_dependency, unsaved_target, reentrant_flush);
    /// the transaction has failed then. pending_rollback when it had failed before.
    /// SQL: INSERT, UPDATE and DELETE in the order of dependencies; one INSERT for many rows of one class.
    void flush(call_place where = call_place::current());
    /// flush(), then ends the transaction. Values stay readable. Throws: as flush(); the transaction is rolled back then.
    void commit(call_place where = call_place::current());
    /// Undoes the transaction, in the database and in the objects: columns and both sides of relationships are as before its first
    /// flush or change, inserted objects are transient again, removed ones persistent. Never throws for a lost connection.
    /// Throws: std::bad_alloc when there is no memory to give an object its text back; the database is rolled back then, and the
    /// session waits for another rollback().
    void rollback(call_place where = call_place::current());
    /// Reads the object's columns again; what was changed and not written is lost. A belongs_to follows its foreign key, collections stay
    /// as they are. Along relationships with cascade::refresh the loaded objects, and who they are, are read again as well.
    /// Throws: state_error (not_persistent), stale_data (row_gone) when there is no row any more.
    /// SQL: one SELECT for the object, one for each relationship that cascades.
    void refresh(const detail::any_ref& object, call_place where = call_place::current());
    /// Lets the next access through a ref, or through an element of a relationship, read the object's columns again (one SELECT, which takes
    /// the expired objects that came with it along); its collections load again at their next touch. What was changed and not written
    /// is lost. Goes along relationships with cascade::refresh. No SQL. The access throws: stale_data (row_gone) when there is no row any more,
    /// detached_instance when the object has left its session. Throws: state_error (not_persistent, reentrant_flush).
    void expire(const detail::any_ref& object, call_place where = call_place::current());
    /// expire() for every persistent object of the session. Throws: state_error (reentrant_flush).
    void expire_all(call_place where = call_place::current());
    /// Takes an object out of the session: a persistent one becomes detached, a pending one transient.
    /// Throws: state_error (not_in_session).
    void expunge(const detail::any_ref& object, call_place where = call_place::current());
    /// expunge() for every object. The transaction, if there is one, stays open. Throws: state_error (reentrant_flush).
    void expunge_all(call_place where = call_place::current());

    /// Copies what `source` says onto the session's own object for the same row, and returns that: the one that the session knows, else the one
    /// that a SELECT by key finds, else a new pending one. All columns are copied but the key; a foreign key that a source without a row
    /// leaves unset says nothing. Goes along relationships with cascade::merge, each object once. A collection that is not loaded, or that
    /// is empty in a source without a row, says nothing; any other replaces the object's own. The source stays as it is, where it is;
    /// an object of this session is returned as it is.
    /// With `.load = false` nothing is sent: sources are taken for what the database has. Objects that the session knows stay as they are.
    /// Throws: state_error (merge_unsaved) when then a source has no row or unwritten changes; data_error, database_error.
    /// SQL: one SELECT for each class of which rows are unknown, one for each relationship whose collections are replaced.
    template <class T>
    ref<T> merge(const ref<T>& source, const merge_options& options = {},
                 call_place where = call_place::current()) {
        return ref<T>(&merge_object(source, options, where));
    }
    /// As above, from a plain object: `session.merge(User{.id = 1, .name = "John"})`.
    template <class T>
        requires(std::is_class_v<T> && !std::is_base_of_v<detail::any_ref, T>)
    ref<T> merge(T source, const merge_options& options = {}, call_place where = call_place::current()) {
        return merge(detail::make_loose(detail::configured_mapper<T>(), std::move(source)), options, where);
    }
    /// Asks the validators of the object's class about each of its values, changed or not, as a flush would: what they throw passes
    /// through. Keys that the database makes later are left out. Throws: data_error (invalid_value).
    /// SQL: none; one SELECT for an expired object.
    void validate(const detail::any_ref& object, call_place where = call_place::current()) const;
    /// Rolls back and lets all objects go: they become detached (pending ones transient) and stay readable. The session may be used
    /// again.
    void close();

    /// Whether the object is in this session, in any state. No SQL.
    [[nodiscard]] bool contains(const detail::any_ref& object) const noexcept;
    /// Whether the object's columns differ from its row, also after a change that was changed back; true without a row. No SQL.
    /// Throws: data_error (value_out_of_range).
    [[nodiscard]] bool is_modified(const detail::any_ref& object) const;
    /// The objects without a row that the next flush inserts, in the order of add().
    template <class T> [[nodiscard]] std::vector<ref<T>> pending() const {
        return as_refs<T>(pending_objects(detail::configured_mapper<T>()));
    }
    /// The objects whose columns differ from their row, so that the next flush updates it, in the order in which they were first changed.
    template <class T> [[nodiscard]] std::vector<ref<T>> modified() const {
        return as_refs<T>(modified_objects(detail::configured_mapper<T>()));
    }
    /// The objects that were removed and whose row the next flush deletes, in the order of remove().
    template <class T> [[nodiscard]] std::vector<ref<T>> removed() const {
        return as_refs<T>(removed_objects(detail::configured_mapper<T>()));
    }
    /// Whether a flush would write anything. No SQL. Throws: data_error (value_out_of_range), pending_rollback.
    [[nodiscard]] bool has_changes(call_place where = call_place::current());
    /// Begins a part of the transaction that can be undone alone; writes pending changes before. SQL: SAVEPOINT
    /// Throws: as flush().
    [[nodiscard]] savepoint begin_nested(call_place where = call_place::current());
    /// What flush() would do now, as text for people: a line for each INSERT, UPDATE and DELETE in the order in which they would be sent,
    /// with the keys of rows and the names of columns. Changes nothing. SQL: only SELECTs, for collections that a flush would have to load.
    /// Throws: as flush() when there is no order (cyclic_dependency, unique_ring).
    [[nodiscard]] std::string plan(call_place where = call_place::current());
    /// Stops what this session is doing, from another thread; get it on the session's own thread.
    [[nodiscard]] kin::cancel_handle cancel_handle();
    /// Whether a statement was sent since the last commit, rollback or close, so that the session holds a connection.
    [[nodiscard]] bool in_transaction() const noexcept;
    /// Handlers for flush, commit and single objects. Lifetime: this session.
    [[nodiscard]] session_events& events();
    /// The engine that it was made with.
    [[nodiscard]] const kin::engine& engine() const;
    /// The connection of its transaction, which begins if need be, for what only a connection can do (kin::sqlite::blob). Changes that are pending are flushed first, by
    /// session_options::autoflush. Leave commit and rollback to the session. Lifetime: until commit, rollback or close.
    /// Throws: as a query; state_error (read_only_transaction) for a writing one.
    [[nodiscard]] kin::connection& connection(transaction_access access = transaction_access::read,
                                              call_place where = call_place::current());

private:
    template <class Column>
    using result_type =
        detail::nullable_if<detail::sql_result_t<std::conditional_t<
                                sql_operand<Column>, Column, int>>, // int: to_selected() has refused it
                            detail::can_be_null<Column>>;

    template <class T, class... Key>
    [[nodiscard]] detail::node* find(const call_place& where, const Key&... keys) {
        static_assert(sizeof...(Key) > 0, "kin: get<T>(key) takes the values of T's primary key");
        static_assert((detail::can_be_key_value<Key> && ...),
                      "kin: get<T>(key) takes the values of T's primary key, and SQL has no such value; "
                      "write get<User>(1)");
        cell cells[sizeof...(Key)];
        scratch memory;
        std::size_t i = 0;
        if (!(encode_key(keys, encoder{cells[i++], memory}) && ...)) return nullptr;
        return find_object(detail::configured_mapper<T>(), cells, where);
    }
    template <class Key> [[nodiscard]] static bool encode_key(const Key& given, const encoder& to) {
        if constexpr (std::is_convertible_v<const Key&, std::string_view>) {
            return codec<std::string_view>::encode(given, to);
        } else {
            if constexpr (bindable<Key>)
                return codec<Key>::encode(given, to);
            else
                return false;
        }
    }
    /// Throws: state_error (moved_session).
    [[nodiscard]] detail::session_core& core() const;
    [[nodiscard]] const std::shared_ptr<detail::session_core>& shared_core() const;
    void end() noexcept;
    std::int64_t execute_plan(const detail::set_plan& plan, const call_place& where);
    void execute_plan(const detail::set_plan& plan, std::span<const cell_kind> kinds, detail::row_sink& sink,
                      const call_place& where);
    void clear_criteria(const mapper& m);
    void add_object(const detail::any_ref& object, const call_place& where);
    [[nodiscard]] detail::node& merge_object(const detail::any_ref& source, const merge_options& options,
                                             const call_place& where);
    [[nodiscard]] std::vector<detail::node*> pending_objects(const mapper& m) const;
    [[nodiscard]] std::vector<detail::node*> modified_objects(const mapper& m) const;
    [[nodiscard]] std::vector<detail::node*> removed_objects(const mapper& m) const;
    template <class T>
    [[nodiscard]] static std::vector<ref<T>> as_refs(const std::vector<detail::node*>& nodes) {
        return std::vector<ref<T>>(nodes.begin(), nodes.end());
    }
    [[nodiscard]] detail::node* find_object(const mapper& m, std::span<const cell> key,
                                            const call_place& where);
    [[nodiscard]] detail::row_plan raw_plan(std::string_view text, std::initializer_list<named_value> binds);
    [[nodiscard]] static const table* first_table(const std::vector<expression>& columns);
    /// Throws: no_result_found for null.
    [[nodiscard]] static detail::node* found(detail::node* n, const mapper& m, const call_place& where);

    std::shared_ptr<detail::session_core> core_; // queries that outlive their session keep it
};

/// The session that the object is in; null when there is none. Lifetime: as the session, which may be moved meanwhile.
[[nodiscard]] session* session_of(const detail::any_ref& object) noexcept;
/// Where an object stands: transient, pending, persistent, deleted or detached. Throws: state_error (null_ref).
[[nodiscard]] object_state state_of(const detail::any_ref& object);

} // namespace kin
