// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/session_audit.hpp"
#include "support/test_database.hpp"
#include "unit/orm/model_operations.hpp"

/// Runs a sequence of operations on a session and, beside it, on a plain model of what should happen: a list of items with a
/// text and the number of their parent. `Models` names the classes User, Post and Comment of one mapping; `orphans` says whether
/// a post that leaves its user is deleted.
namespace model_based {

struct mismatch : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class life : std::uint8_t { transient, pending, persistent, removing, deleted, gone };

template <class Models> class machine {
    using User = typename Models::User;
    using Post = typename Models::Post;
    using Comment = typename Models::Comment;
    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    struct item {
        int level = 0; // 0: user, 1: post, 2: comment
        int id = 0;
        std::string text;
        std::size_t parent = nobody;
        life state = life::transient;
        bool orphan = false;
        std::string text_at_insert; // of an item whose INSERT belongs to the open transaction
        kin::ref<User> user;
        kin::ref<Post> post;
        kin::ref<Comment> comment;

        [[nodiscard]] bool bound() const { return user || post || comment; }
        [[nodiscard]] bool in_session() const {
            return state == life::pending || state == life::persistent || state == life::removing;
        }
        [[nodiscard]] bool usable() const {
            return bound() &&
                   (state == life::transient || state == life::pending || state == life::persistent);
        }
        [[nodiscard]] const kin::detail::any_ref& any() const {
            if (level == 0) return user;
            if (level == 1) return post;
            return comment;
        }
    };
    struct past {
        std::string text;
        std::size_t parent;
    };
    using row = std::pair<std::string, std::optional<int>>; // text, key of the parent
    using rows = std::array<std::map<int, row>, 3>;

public:
    /// `db` has the tables of the models and is emptied.
    explicit machine(kin::database& db) : db_(db) {
        for (std::size_t level = 0; level < names.size(); ++level)
            db_.engine().dialect().quote(tables_[level], names[level]);
        kin::connection c = db_.engine().connect();
        for (std::size_t level = names.size(); level-- > 0;) c.execute("DELETE FROM " + tables_[level]);
        open();
    }
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    void run(const operation& o) {
        described_ = "nothing";
        apply(o);
        log_.push_back(std::exchange(described_, {}));
        if (failed_) recover(o.c);
        check(o.c % 6 == 0);
    }
    [[nodiscard]] const std::vector<std::string>& log() const { return log_; }
    [[nodiscard]] const std::string& current() const { return described_; }

private:
    // --- the operations ---------------------------------------------------------------------------------------------------
    void apply(const operation& o) {
        switch (o.what) {
        case operation::make: return make(o);
        case operation::add: return add(o);
        case operation::link_by_child:
        case operation::link_by_parent: return link(o);
        case operation::unlink_by_child:
        case operation::unlink_by_parent: return unlink(o);
        case operation::key_by_hand: return key_by_hand(o);
        case operation::modify:
        case operation::modify_and_back: return modify(o);
        case operation::remove: return remove(o);
        case operation::read: return read(o);
        case operation::clear: return clear(o);
        case operation::assign: return assign(o);
        case operation::flush: return flush("flush", [&] { session_->flush(); });
        case operation::flush_with_failing_handler: return flush_with_failing_handler(o);
        case operation::commit: return commit();
        case operation::rollback: return rollback();
        case operation::requery: return requery(o);
        case operation::reopen: return reopen(o);
        case operation::expire:
        case operation::refresh: return read_again(o);
        case operation::expire_all: return expire_all();
        case operation::merge: return merge(o);
        case operation::kinds: break;
        }
    }

    // Changes of objects and links: model_machine_changes.hpp.
    void make(const operation& o);
    void add(const operation& o);
    void link(const operation& o);
    void unlink(const operation& o);
    void key_by_hand(const operation& o);
    void modify(const operation& o);
    void remove(const operation& o);
    void clear(const operation& o);
    void assign(const operation& o);

    // Comparing: model_machine_checks.hpp.
    void read(const operation& o);
    void check(bool loads);
    void check_state(std::size_t i) const;
    void check_parent(std::size_t i, bool loads);
    void check_children(std::size_t i, bool loads);
    void check_detached();
    void check_database();
    void compare_rows(kin::connection& reader);
    static std::string shown(const std::map<int, row>& table);

    /// `call` flushes everything. The model says whether that must fail.
    template <class Call> void flush(const std::string& what, Call&& call) {
        describe(what);
        const bool must_fail = has_post_without_user(true);
        const bool nothing_to_do = !must_fail && !has_work(true);
        counter_.reset();
        std::string thrown;
        try {
            call();
        } catch (const kin::error& e) {
            thrown = e.what();
        }
        if (!thrown.empty() && !must_fail) throw mismatch(what + " failed: " + thrown);
        if (must_fail) {
            expect(!thrown.empty(), what + " succeeded with a post that has no user");
            failed_ = true;
            return;
        }
        if (nothing_to_do)
            expect(counter_.count() == 0, what + " sent statements though nothing had changed");
        written(true);
        expect(!session_->has_changes(), "there are changes right after " + what);
        check_database();
    }

    void flush_with_failing_handler(const operation& o) {
        describe("flush with a handler that fails at call " + std::to_string(o.b % 8));
        countdown_ = static_cast<int>(o.b % 8);
        bool thrown = false;
        const bool must_fail = has_post_without_user(true);
        try {
            session_->flush();
        } catch (const handler_failure&) {
            thrown = true;
        } catch (const kin::error& e) {
            if (!must_fail) throw mismatch(std::string("flush failed: ") + e.what());
            thrown = true;
        }
        countdown_ = -1;
        expect(thrown || !must_fail, "flush succeeded with a post that has no user");
        if (thrown) {
            failed_ = true;
            return;
        }
        written(true);
        check_database();
    }

    void commit() {
        flush("commit", [&] { session_->commit(); });
        if (!failed_) ended();
    }

    void rollback() {
        describe("rollback");
        session_->rollback();
        rolled_back();
    }

    void reopen(const operation& o) {
        described_ = "close and reopen";
        if (o.b % 2 == 0) {
            described_ = "rollback, close and reopen";
            session_->rollback();
        }
        session_->close();
        rolled_back();
        check_detached();
        const std::size_t kept = choose(o.a, [&](const item& x) {
            return o.c % 2 == 0 && x.bound() && x.state == life::persistent && !is_expired(x);
        });
        const kin::detail::any_ref old = kept == nobody ? kin::detail::any_ref() : items_[kept].any();
        for (item& i : items_) {
            if (i.state != life::persistent) i.state = life::gone;
            i.user = nullptr;
            i.post = nullptr;
            i.comment = nullptr;
        }
        open();
        if (kept != nobody) merge_detached(kept, old, o);
    }

    // Queries, reading again and merging: model_machine_reads.hpp.
    void requery(const operation& o);
    void read_again(const operation& o);
    void expire_all();
    void merge(const operation& o);
    void merge_detached(std::size_t i, const kin::detail::any_ref& old, const operation& o);
    bool find_merged(std::size_t i, const kin::detail::any_ref& merged);
    void forget_changes(item& x);

    // --- what the model knows ---------------------------------------------------------------------------------------------
    [[nodiscard]] bool can_take(const item& x) const { return x.usable() && can_take_unbound(x); }
    [[nodiscard]] bool can_take_unbound(const item& x) const {
        return !(x.orphan && x.state == life::pending);
    }
    [[nodiscard]] bool has_pending_children(const item& x) const {
        const std::size_t at = static_cast<std::size_t>(&x - items_.data());
        return std::any_of(items_.begin(), items_.end(),
                           [&](const item& c) { return c.parent == at && c.state == life::pending; });
    }
    /// A pending post that is an orphan leaves the session, so nothing that stays may refer to it.
    [[nodiscard]] bool can_leave(const item& x) const {
        if (!Models::orphans || x.level != 1 || x.state != life::pending) return true;
        return children_of(static_cast<std::size_t>(&x - items_.data())).empty();
    }
    [[nodiscard]] bool can_clear(const item& x) const {
        for (std::size_t c : children_of(static_cast<std::size_t>(&x - items_.data())))
            if (!can_leave(items_[c])) return false;
        return true;
    }
    [[nodiscard]] bool can_remove(const item& x) const { return x.level != 0 || !has_pending_children(x); }

    [[nodiscard]] std::vector<std::size_t> children_of(std::size_t p) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const item& c = items_[i];
            if (c.level == items_[p].level + 1 && c.parent == p && c.state != life::deleted &&
                c.state != life::gone)
                found.push_back(i);
        }
        return found;
    }
    void left(item& child) {
        child.parent = nobody;
        if (Models::orphans && child.level == 1 && child.in_session()) child.orphan = true;
    }
    [[nodiscard]] static bool is_expired(const item& x) {
        return x.any().raw()->has(kin::detail::node_flag::expired);
    }
    /// Everything that is linked to `start` goes into the session.
    void take_in(std::size_t start) {
        std::vector<std::size_t> open{start};
        while (!open.empty()) {
            const std::size_t i = open.back();
            open.pop_back();
            if (items_[i].state != life::transient && i != start) continue;
            if (items_[i].state == life::transient) items_[i].state = life::pending;
            if (items_[i].parent != nobody) open.push_back(items_[i].parent);
            for (std::size_t c : children_of(i)) open.push_back(c);
        }
    }
    /// A link between an object in the session and one outside takes the latter in.
    void settle_sessions(std::size_t child) {
        const std::size_t parent = items_[child].parent;
        if (items_[child].in_session()) take_in(parent);
        if (items_[parent].in_session()) take_in(child);
    }
    [[nodiscard]] bool has_post_without_user(bool everything) const {
        return std::any_of(items_.begin(), items_.end(), [&](const item& x) {
            if (x.level != 1 || x.parent != nobody || x.orphan) return false;
            if (x.state == life::persistent) return true;
            return x.state == life::pending && (everything || !x.orphan);
        });
    }
    [[nodiscard]] row row_of(const item& x) const {
        return {x.text, x.parent == nobody ? std::nullopt : std::optional<int>(items_[x.parent].id)};
    }
    [[nodiscard]] bool has_work(bool everything) const {
        return std::any_of(items_.begin(), items_.end(), [&](const item& x) {
            if (x.state == life::removing || (everything && x.orphan)) return true;
            if (x.state == life::pending) return !x.orphan;
            return x.state == life::persistent && !x.orphan &&
                   database_[static_cast<std::size_t>(x.level)].at(x.id) != row_of(x);
        });
    }

    /// The row of an orphan, which an autoflush leaves alone, refers to it.
    [[nodiscard]] bool is_needed_by_orphan(const item& user) const {
        return user.level == 0 && std::any_of(items_.begin(), items_.end(), [&](const item& x) {
                   return x.level == 1 && x.state == life::persistent && x.orphan &&
                          database_[1].at(x.id).second == user.id;
               });
    }

    /// The model after a flush that succeeded.
    void written(bool everything) {
        for (item& x : items_) { // a post that came back to a removed user goes with it
            if (x.level != 1 || x.state != life::persistent || x.orphan || x.parent == nobody) continue;
            const item& user = items_[x.parent];
            if (user.state == life::removing && (everything || !is_needed_by_orphan(user)))
                x.state = life::removing;
        }
        for (item& x : items_) {
            if (x.state == life::pending && x.orphan && everything) {
                x.state = life::transient;
                x.orphan = false;
            }
            const bool goes =
                x.state == life::removing || (everything && x.orphan && x.state == life::persistent);
            if (!goes || (!everything && is_needed_by_orphan(x))) continue;
            x.state = life::deleted;
            x.orphan = false;
            database_[static_cast<std::size_t>(x.level)].erase(x.id);
            for (std::size_t c : children_of(static_cast<std::size_t>(&x - items_.data()))) left(items_[c]);
        }
        for (item& x : items_) {
            if (x.state != life::pending || x.orphan) continue;
            x.state = life::persistent;
            x.text_at_insert = x.text;
            x.id = id_of(x);
            expect(x.id > 0, "an inserted object has no key");
            expect(!database_[static_cast<std::size_t>(x.level)].contains(x.id),
                   "an inserted object has the key of another");
        }
        for (const item& x : items_)
            if (x.state == life::persistent && !x.orphan)
                database_[static_cast<std::size_t>(x.level)][x.id] = row_of(x);
    }

    void ended() {
        committed_ = database_;
        past_.clear();
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].state == life::deleted) items_[i].state = life::gone;
            if (items_[i].state == life::persistent) past_[i] = {items_[i].text, items_[i].parent};
        }
    }

    void rolled_back() {
        database_ = committed_;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            item& x = items_[i];
            if (x.state == life::gone) continue;
            if (const auto was = past_.find(i); was != past_.end()) {
                x.text = was->second.text;
                x.parent = was->second.parent;
                x.state = life::persistent;
                x.orphan = false;
                continue;
            }
            const bool was_inserted = !x.text_at_insert.empty();
            if (was_inserted) x.text = x.text_at_insert;
            x.text_at_insert.clear();
            x.id = 0;
            x.orphan = false;
            x.state = life::transient;
        }
        // What new objects keep of their links among themselves is theirs; none may be left to an object with a past.
        for (item& x : items_) {
            if (x.state != life::transient || x.level == 0) continue;
            const kin::detail::any_ref now = parent_of(x);
            x.parent = nobody;
            if (!now) continue;
            x.parent = find(now);
            expect(x.parent != nobody && items_[x.parent].state == life::transient,
                   "after the rollback a new object is still linked to one with a row");
        }
        for (auto& x : items_) x.text_at_insert.clear();
        check_database();
    }

    void recover(std::uint32_t draw) {
        bool refused = false;
        try {
            if (draw % 3 == 0) (void)session_->template query<User>().all();
            if (draw % 3 == 1) session_->flush();
            if (draw % 3 == 2) session_->commit();
        } catch (const kin::pending_rollback&) {
            refused = true;
        }
        expect(refused, "a session whose transaction has failed goes on");
        failed_ = false;
        session_->rollback();
        log_.push_back("rollback, because it failed");
        rolled_back();
    }

    // --- comparing --------------------------------------------------------------------------------------------------------
    static void expect(bool condition, const std::string& text) {
        if (!condition) throw mismatch(text);
    }

    // --- objects ----------------------------------------------------------------------------------------------------------
    void open() {
        session_.emplace(db_.session());
        audit_.emplace(*session_);
        kin::session_events& events = session_->events();
        const auto fails = [this] {
            if (countdown_ >= 0 && countdown_-- == 0) throw handler_failure();
        };
        const auto on_object = [fails](kin::session&, auto&) { fails(); };
        if (open_++ % 2 == 1) return; // every other session without handlers
        events.after_flush([fails](kin::session&) { fails(); });
        events.template after_insert<User>(on_object);
        events.template after_insert<Post>(on_object);
        events.template before_insert<Comment>(on_object);
        events.template before_update<User>(on_object);
        events.template after_update<Post>(on_object);
        events.template before_remove<Post>(on_object);
        events.template after_remove<Comment>(on_object);
    }
    struct handler_failure : std::runtime_error {
        handler_failure() : std::runtime_error("the handler fails") {}
    };

    template <class T> void bind_all(const std::vector<kin::ref<T>>& found) {
        queried_.clear();
        queried_refs_.clear();
        for (const auto& r : found) {
            queried_.push_back(r->id);
            queried_refs_.push_back(kin::detail::any_ref(r));
        }
    }
    void bind_queried(int level) {
        for (std::size_t k = 0; k < queried_.size(); ++k) {
            const std::size_t i = find(queried_refs_[k]);
            expect(i != nobody && items_[i].level == level && items_[i].id == queried_[k],
                   "the query gives an object that nobody knows");
        }
    }
    /// The item of an object: known by its address, or by its key when it was not seen yet.
    std::size_t find(const kin::detail::any_ref& object) {
        for (std::size_t i = 0; i < items_.size(); ++i)
            if (items_[i].bound() && items_[i].any().raw() == object.raw()) return i;
        const std::string& type = object.raw()->type->class_name();
        const int level = type.ends_with("User") ? 0 : type.ends_with("Post") ? 1 : 2;
        item probe;
        assign_ref(probe, level, object);
        for (std::size_t i = 0; i < items_.size(); ++i) {
            item& x = items_[i];
            const bool has_row = x.state == life::persistent || x.state == life::removing;
            if (x.bound() || x.level != level || !has_row || x.id != id_of(probe)) continue;
            assign_ref(x, level, object);
            return i;
        }
        throw mismatch("there is a " + type + " with text " + text_of(probe) + " that nobody made");
    }
    static void assign_ref(item& x, int level, const kin::detail::any_ref& object) {
        x.level = level;
        if (level == 0) x.user = kin::ref<User>(object.raw());
        if (level == 1) x.post = kin::ref<Post>(object.raw());
        if (level == 2) x.comment = kin::ref<Comment>(object.raw());
    }
    static kin::detail::any_ref parent_of(const item& x) {
        if (x.level == 1) return kin::ref<User>(std::as_const(*x.post).user.get());
        return kin::ref<Post>(std::as_const(*x.comment).post.get());
    }
    static std::string text_of(const item& x) {
        if (x.level == 0) return std::as_const(x.user)->name;
        if (x.level == 1) return std::as_const(x.post)->title;
        return std::as_const(x.comment)->text;
    }
    static int id_of(const item& x) {
        if (x.level == 0) return std::as_const(x.user)->id;
        if (x.level == 1) return std::as_const(x.post)->id;
        return std::as_const(x.comment)->id;
    }
    static void set_text(item& x) {
        if (x.level == 0) x.user->name = x.text;
        if (x.level == 1) x.post->title = x.text;
        if (x.level == 2) x.comment->text = x.text;
    }

    template <class Test> [[nodiscard]] std::size_t choose(std::uint32_t draw, Test&& fits) const {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < items_.size(); ++i)
            if (fits(items_[i])) all.push_back(i);
        return all.empty() ? nobody : all[draw % all.size()];
    }
    [[nodiscard]] std::string name(std::size_t i) const {
        return std::string(names[static_cast<std::size_t>(items_[i].level)]) + "#" + std::to_string(i);
    }
    std::string fresh_text() { return "t" + std::to_string(++texts_); }
    void describe(std::string text) { described_ = std::move(text); }

    static constexpr std::array<const char*, 3> names{"user", "post", "comment"};

    kin::database& db_;
    std::array<std::string, names.size()> tables_; // quoted
    kin::testing::sql_counter counter_{db_};
    std::vector<item> items_;
    std::map<std::size_t, past> past_; // items that had a row when the transaction began
    rows database_;                    // as it should be now
    rows committed_;                   // as the last commit left it
    std::vector<std::string> log_;
    std::string described_;
    std::vector<int> queried_;
    std::vector<kin::detail::any_ref> queried_refs_;
    int texts_ = 0;
    int open_ = 0;
    int countdown_ = -1;
    bool failed_ = false;
    std::optional<kin::session> session_; // before everything else that it refers to
    std::optional<kin::testing::session_audit> audit_;
};

} // namespace model_based
