// SPDX-License-Identifier: MIT
#include "support/fault_story.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <gtest/gtest.h>

#include "kin/base/error.hpp"
#include "kin/create_engine.hpp"
#include "kin/engine/engine_state.hpp"
#include "support/failing_allocator.hpp"
#include "support/faulty_driver.hpp"
#include "support/new_keys.hpp"
#include "support/outside_view.hpp"
#include "support/raw_database.hpp"
#include "support/session_audit.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace kin::testing::stage {

namespace {

struct handler_failure : std::runtime_error {
    handler_failure() : std::runtime_error("a handler fails") {}
};

enum class source : std::uint8_t { driver, allocation, handler };

struct kind {
    std::string_view name;
    source from;
    driver_fault driver = driver_fault::late;
    failing_allocator::mode allocations = failing_allocator::mode::once;
    bool (*promised)(const std::exception& e);
    std::size_t step = 1; // from one place to the next
};

template <class Error> bool is(const std::exception& e) { return dynamic_cast<const Error*>(&e) != nullptr; }
bool is_disk_full(const std::exception& e) {
    const auto* known = dynamic_cast<const statement_error*>(&e);
    return known && known->code() == "disk_full";
}

constexpr kind of_driver(std::string_view name, driver_fault fault, bool (*promised)(const std::exception&)) {
    return {.name = name, .from = source::driver, .driver = fault, .promised = promised};
}

constexpr std::array kinds{
    of_driver("unique_violation", driver_fault::unique_violation, is<unique_violation>),
    of_driver("lock_timeout", driver_fault::lock_timeout, is<lock_timeout>),
    of_driver("no_memory", driver_fault::no_memory, is<std::bad_alloc>),
    of_driver("disk_full", driver_fault::disk_full, is_disk_full),
    of_driver("connection_lost", driver_fault::connection_lost, is<connection_error>),
    of_driver("late", driver_fault::late, is<late_fault>),
    kind{.name = "allocation", .from = source::allocation, .promised = is<std::bad_alloc>},
    kind{.name = "allocations",
         .from = source::allocation,
         .allocations = failing_allocator::mode::from_then_on,
         .promised = is<std::bad_alloc>,
         .step = 5},
    kind{.name = "handler", .from = source::handler, .promised = is<handler_failure>},
};

/// KIN_FAULT, if it is set.
struct only {
    std::string kind;
    std::size_t number = 0; // 0: all
    static only read() {
        const char* given = std::getenv("KIN_FAULT");
        if (!given) return {};
        const std::string_view text(given);
        const std::size_t space = text.find(' ');
        only chosen{std::string(text.substr(0, space))};
        if (space != std::string_view::npos) chosen.number = std::strtoull(given + space + 1, nullptr, 10);
        return chosen;
    }
};

/// Of a server every so many places are taken: a new connection for each takes its time. KIN_FAULT_STEP says another number.
std::size_t places_to_pass(const kind& k) {
    if (const char* given = std::getenv("KIN_FAULT_STEP"))
        return std::max<std::size_t>(std::strtoull(given, nullptr, 10), 1) * k.step;
    if (on_sqlite()) return k.step;
    return k.from == source::allocation ? 25 * k.step : 5;
}

/// Failures of the running test so far.
int failure_count() {
    return ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
}

/// One story with its database.
class theatre {
public:
    theatre(const story& s, const metadata& tables, listener listen)
        : story_(s),
          tables_(tables),
          listen_(listen) {
        create_engine(url()).create_all(tables);
        view_.emplace(database_);
        view_->leave_keys_free(tables);
    }

    /// Without a fault: what the database is before, and after. The story is told in SQLite's words, and its question is asked there.
    void rehearse() {
        const std::string script_url = directory_.url("rehearsal.db");
        create_engine(script_url).create_all(tables_);
        raw_database raw(directory_.file("rehearsal.db"));
        raw.refill(story_.rows);
        before_ = raw.read();
        rehearse(script_url, [&] { return raw.read(); });
        EXPECT_EQ(raw.ask(story_.question), story_.answer);
        after_ = comparable(raw.read());
        if (on_sqlite()) return;
        view_->refill(before_);
        rehearse(url(), [&] { return view_->read(); });
        EXPECT_EQ(difference(comparable(view_->read()), after_), "") << "not as on SQLite";
    }

    /// With every fault of one kind. Returns how many there were.
    std::size_t perform(const kind& k, const only& chosen) {
        const int failures = failure_count();
        std::size_t performed = 0;
        for (std::size_t n = chosen.number ? chosen.number : 1;; n += places_to_pass(k)) {
            const then first = perform_with(k, n, way::rollback);
            if (first == then::not_met) return performed;
            ++performed;
            if (first == then::usable) perform_with(k, n, way::go_on);
            if (k.from == source::handler) {
                perform_with(k, n, way::rollback_without_memory);
                perform_with(k, n, way::close_without_memory);
            }
            if (chosen.number || failure_count() != failures) return performed;
        }
    }

private:
    /// What the program does about the exception.
    enum class way : std::uint8_t { rollback, go_on, rollback_without_memory, close_without_memory };
    /// What a fault leads to.
    enum class then : std::uint8_t { not_met, the_end, usable, waits_for_rollback };
    struct outcome {
        bool fired = false;
        std::exception_ptr thrown;
    };

    [[nodiscard]] std::string url() const {
        return database_.url(on_sqlite() ? "synchronous=off&busy_timeout_ms=0" : "");
    }
    /// Rows that are the same whichever keys a server has made.
    [[nodiscard]] raw_database::content comparable(const raw_database::content& rows) const {
        return on_sqlite() ? rows : with_new_keys_named(rows, before_, tables_);
    }
    template <class Read> void rehearse(const std::string& where, const Read& read) const {
        const engine e = create_engine(where);
        kin::session s(e);
        const session_audit audit(s);
        story_.play(s);
        EXPECT_EQ(audit.settled(read()), "") << "without any fault";
    }

    then perform_with(const kind& k, std::size_t n, way recovery) {
        const engine e = faulty_engine(url(), plan_);
        kin::session s(e);
        const session_audit audit(s);
        if (k.from == source::handler) {
            listen_(s.events(), [this] {
                if (calls_left_ != 0 && --calls_left_ == 0) throw handler_failure();
            });
        }
        view_->refill(before_);
        const outcome o = play(k, n, s);
        const ::testing::ScopedTrace trace(__FILE__, __LINE__, described(k, n, recovery));
        then result = then::the_end;
        if (o.fired && o.thrown) {
            check_exception(k, o.thrown);
            EXPECT_NE(plan_.place(), "ROLLBACK")
                << "rollback() does not care why the connection did not do it";
            EXPECT_EQ(audit.links(), "") << "right after the exception";
            result = audit.waits_for_rollback() ? then::waits_for_rollback : then::usable;
            recover(s, audit, recovery, result == then::waits_for_rollback);
        } else {
            expect_the_end(o, s, audit);
            if (!o.fired) result = then::not_met;
        }
        s.close();
        EXPECT_EQ(e.internals().connections.checked_out_count(), 0U) << "a connection was not given back";
        return result;
    }

    [[nodiscard]] std::string described(const kind& k, std::size_t n, way recovery) const {
        constexpr std::string_view names[] = {"", "going on without rollback", "rollback without memory",
                                              "close without memory"};
        return "KIN_FAULT=\"" + std::string(k.name) + " " + std::to_string(n) + "\" " + plan_.place() + " " +
               std::string(names[static_cast<std::size_t>(recovery)]);
    }

    outcome play(const kind& k, std::size_t n, kin::session& s) {
        outcome o;
        plan_.arm(k.driver, k.from == source::driver ? n : 0);
        if (k.from == source::handler) calls_left_ = n;
        std::optional<failing_allocator> allocator;
        try {
            if (k.from == source::allocation) allocator.emplace(n, k.allocations);
            story_.play(s);
        } catch (...) {
            const bool failed_to_allocate = allocator && allocator->fired();
            allocator.reset(); // first: to keep the exception may take memory
            o.thrown = std::current_exception();
            o.fired = failed_to_allocate;
        }
        o.fired = o.fired || (allocator && allocator->fired()) || plan_.fired();
        o.fired = o.fired || (k.from == source::handler && calls_left_ == 0);
        allocator.reset();
        calls_left_ = 0;
        plan_.disarm();
        return o;
    }

    /// The story came to its end, or nobody knows why not.
    void expect_the_end(const outcome& o, kin::session& s, const session_audit& audit) {
        if (o.thrown) {
            try {
                std::rethrow_exception(o.thrown);
            } catch (const std::exception& e) {
                ADD_FAILURE() << "an exception without a fault: " << e.what();
            }
            return;
        }
        const raw_database::content now = view_->read();
        EXPECT_EQ(difference(comparable(now), after_), "") << "the database after the story";
        EXPECT_EQ(settled(s, audit, now), "") << "after the story";
        EXPECT_FALSE(s.has_changes());
    }

    static void check_exception(const kind& k, const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
            EXPECT_TRUE(k.promised(e)) << "another exception: " << e.what();
        }
    }

    void recover(kin::session& s, const session_audit& audit, way recovery, bool waits) {
        if (waits) {
            EXPECT_THROW(s.flush(), pending_rollback);
            EXPECT_THROW(s.commit(), pending_rollback);
            EXPECT_NO_THROW(view_->require_unlocked()) << "others may write already";
        }
        switch (recovery) {
        case way::go_on: return go_on(s, audit);
        case way::close_without_memory: return close_without_memory(s, audit);
        case way::rollback: EXPECT_NO_THROW(s.rollback()); break;
        case way::rollback_without_memory: rollback_without_memory(s, audit); break;
        }
        expect_undone(s, audit);
        tell_again(s, audit);
    }

    /// Fails at one allocation later each time, until it finds all memory that it needs.
    static void rollback_without_memory(kin::session& s, const session_audit& audit) {
        for (std::size_t n = 1;; ++n) {
            try {
                const failing_allocator allocator(n, failing_allocator::mode::from_then_on);
                s.rollback();
                return;
            } catch (const std::bad_alloc&) {}
            EXPECT_TRUE(audit.waits_for_rollback()) << "a rollback that failed must be called again";
        }
    }

    /// What could not be restored is lost, but the session works with what it reads from now on.
    void close_without_memory(kin::session& s, const session_audit& audit) {
        {
            const failing_allocator allocator(1, failing_allocator::mode::from_then_on);
            s.close();
        }
        tell_again(s, audit);
    }

    void expect_undone(kin::session& s, const session_audit& audit) {
        const raw_database::content now = view_->read();
        EXPECT_EQ(difference(comparable(now), plan_.committed() ? after_ : before_), "")
            << "the database after rollback()";
        // When the session could not know that the COMMIT was done, its objects are as before.
        const bool mistaken = plan_.committed() && plan_.place() == "COMMIT";
        EXPECT_EQ(mistaken ? audit.links() : settled(s, audit, now), "") << "after rollback()";
        EXPECT_FALSE(s.has_changes());
    }

    void tell_again(kin::session& s, const session_audit& audit) {
        if (plan_.committed()) {
            s.close();
            view_->refill(before_);
        }
        try {
            story_.play(s);
        } catch (const std::exception& e) {
            ADD_FAILURE() << "the story told again: " << e.what();
            return;
        }
        const raw_database::content now = view_->read();
        EXPECT_EQ(difference(comparable(now), after_), "") << "the database after the story was told again";
        EXPECT_EQ(settled(s, audit, now), "") << "after the story was told again";
    }

    /// What can be written is written; the rest is refused and undone.
    void go_on(kin::session& s, const session_audit& audit) {
        try {
            s.commit();
            EXPECT_FALSE(s.has_changes());
        } catch (const kin::error& e) {
            // A transaction in which a statement has failed may be good for nothing but a rollback.
            EXPECT_TRUE(is<constraint_violation>(e) || is<pending_rollback>(e) || e.code() == "not_committed")
                << e.what();
            s.rollback();
        }
        EXPECT_EQ(settled(s, audit, view_->read()), "") << "after what there was is committed";
    }

    std::string settled(kin::session& s, const session_audit& audit, const raw_database::content& now) const {
        if (story_.writes_behind_backs) {
            audit.refresh_all();
            s.rollback();
        }
        return audit.settled(now);
    }

    const story& story_;
    const metadata& tables_;
    listener listen_;
    temporary_directory directory_; // of the rehearsal
    shared_database database_;
    std::optional<outside_view> view_;
    raw_database::content before_;
    raw_database::content after_;
    fault_plan plan_;
    std::size_t calls_left_ = 0;
};

} // namespace

void tell_under_faults(const story& s, const metadata& tables, listener listen) {
    theatre t(s, tables, listen);
    t.rehearse();
    if (::testing::Test::HasFailure()) return;
    const only chosen = only::read();
    std::size_t all = 0;
    std::string counts;
    for (const kind& k : kinds) {
        if (!chosen.kind.empty() && chosen.kind != k.name) continue;
        const std::size_t n = t.perform(k, chosen);
        all += n;
        counts += ", " + std::string(k.name) + " " + std::to_string(n);
        ::testing::Test::RecordProperty(std::string(k.name), std::to_string(n));
    }
    std::printf("[  faults  ] %zu faults injected%s\n", all, counts.c_str());
}

} // namespace kin::testing::stage
