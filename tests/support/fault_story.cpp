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
#include "support/failing_allocator.hpp"
#include "support/faulty_driver.hpp"
#include "support/raw_database.hpp"
#include "support/session_audit.hpp"
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
};

template <class Error> bool is(const std::exception& e) { return dynamic_cast<const Error*>(&e) != nullptr; }
bool is_disk_full(const std::exception& e) {
    const auto* known = dynamic_cast<const statement_error*>(&e);
    return known && known->code() == "disk_full";
}

constexpr auto once = failing_allocator::mode::once;
constexpr auto from_then_on = failing_allocator::mode::from_then_on;
constexpr std::array kinds{
    kind{"unique_violation", source::driver, driver_fault::unique_violation, once, is<unique_violation>},
    kind{"lock_timeout", source::driver, driver_fault::lock_timeout, once, is<lock_timeout>},
    kind{"no_memory", source::driver, driver_fault::no_memory, once, is<std::bad_alloc>},
    kind{"disk_full", source::driver, driver_fault::disk_full, once, is_disk_full},
    kind{"connection_lost", source::driver, driver_fault::connection_lost, once, is<connection_error>},
    kind{"late", source::driver, driver_fault::late, once, is<late_fault>},
    kind{"allocation", source::allocation, driver_fault::late, once, is<std::bad_alloc>},
    kind{"allocations", source::allocation, driver_fault::late, from_then_on, is<std::bad_alloc>},
    kind{"handler", source::handler, driver_fault::late, once, is<handler_failure>},
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

/// Failures of the running test so far.
int failure_count() {
    return ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
}

/// One story with its database.
class theatre {
public:
    theatre(const story& s, const metadata& tables, listener listen) : story_(s), listen_(listen) {
        create_engine(url()).create_all(tables);
        raw_.emplace(directory_.file("test.db"));
    }

    /// Without a fault: what the database is before, and after.
    void rehearse() {
        raw_->refill(story_.rows);
        before_ = raw_->read();
        {
            const engine e = create_engine(url());
            kin::session s(e);
            const session_audit audit(s);
            story_.play(s);
            after_ = raw_->read();
            EXPECT_EQ(raw_->ask(story_.question), story_.answer);
            EXPECT_EQ(audit.settled(after_), "") << "without any fault";
        }
    }

    /// With every fault of one kind. Returns how many there were.
    std::size_t perform(const kind& k, const only& chosen) {
        const int failures = failure_count();
        for (std::size_t n = chosen.number ? chosen.number : 1;; ++n) {
            if (!perform_with(k, n, true)) return n - 1;
            (void)perform_with(k, n, false);
            if (chosen.number || failure_count() != failures) return n;
        }
    }

private:
    struct outcome {
        bool fired = false;
        std::exception_ptr thrown;
    };

    [[nodiscard]] std::string url() const { return directory_.url() + "?synchronous=off&busy_timeout_ms=0"; }

    /// Returns whether the fault was met. `undoes`: recovers by rollback(), else goes on without it where the session allows it.
    bool perform_with(const kind& k, std::size_t n, bool undoes) {
        const engine e = faulty_engine(url(), plan_);
        kin::session s(e);
        const session_audit audit(s);
        calls_left_ = 0;
        if (k.from == source::handler) {
            listen_(s.events(), [this] {
                if (calls_left_ != 0 && --calls_left_ == 0) throw handler_failure();
            });
        }
        raw_->refill(story_.rows);
        const outcome o = play(k, n, s);
        const ::testing::ScopedTrace trace(__FILE__, __LINE__,
                                           "KIN_FAULT=\"" + std::string(k.name) + " " + std::to_string(n) +
                                               "\" " + plan_.place() +
                                               (undoes ? "" : ", going on without rollback"));
        if (!o.fired || !o.thrown) {
            expect_the_end(o, s, audit);
            return o.fired;
        }
        check_exception(k, o.thrown);
        EXPECT_EQ(audit.links(), "") << "right after the exception";
        const bool waits = audit.waits_for_rollback();
        if (undoes) {
            recover(s, audit, waits);
        } else if (!waits) {
            go_on(s, audit);
        }
        return true;
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
            check_exception(kinds.back(), o.thrown);
            ADD_FAILURE() << "an exception without a fault";
            return;
        }
        expect_database(after_);
        EXPECT_EQ(settled(s, audit), "") << "after the story";
        EXPECT_FALSE(s.has_changes());
    }

    static void check_exception(const kind& k, const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
            EXPECT_TRUE(k.promised(e)) << "another exception: " << e.what();
        }
    }

    void recover(kin::session& s, const session_audit& audit, bool waits) {
        if (waits) {
            EXPECT_THROW(s.flush(), pending_rollback);
            EXPECT_THROW(s.commit(), pending_rollback);
        }
        EXPECT_NO_THROW(s.rollback());
        expect_database(plan_.committed() ? after_ : before_);
        // When the session could not know that the COMMIT was done, its objects are as before.
        const bool mistaken = plan_.committed() && plan_.place() == "COMMIT";
        EXPECT_EQ(mistaken ? audit.links() : settled(s, audit), "") << "after rollback()";
        EXPECT_FALSE(s.has_changes());
        if (plan_.committed()) {
            s.close();
            raw_->refill(story_.rows);
        }
        try {
            story_.play(s);
        } catch (const std::exception& e) {
            ADD_FAILURE() << "the story told again: " << e.what();
            return;
        }
        expect_database(after_);
        EXPECT_EQ(settled(s, audit), "") << "after the story was told again";
    }

    /// What can be written is written; the rest is refused and undone.
    void go_on(kin::session& s, const session_audit& audit) {
        try {
            s.commit();
            EXPECT_FALSE(s.has_changes());
        } catch (const kin::error& e) {
            EXPECT_TRUE(is<constraint_violation>(e)) << e.what();
            s.rollback();
        }
        EXPECT_EQ(settled(s, audit), "");
    }

    std::string settled(kin::session& s, const session_audit& audit) {
        if (story_.writes_behind_backs) {
            audit.refresh_all();
            s.rollback();
        }
        return audit.settled(raw_->read());
    }

    void expect_database(const raw_database::content& expected) {
        EXPECT_EQ(difference(raw_->read(), expected), "") << "the database";
    }

    const story& story_;
    listener listen_;
    temporary_directory directory_;
    std::optional<raw_database> raw_;
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
