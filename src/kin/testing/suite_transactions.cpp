// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <thread>

#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Account {
    primary_key<int> id;
    int balance = 0;
};
void describe(mapping<Account>& m) { m.table("suite_account"); }

void with_account(suite_run& run) {
    run.create<Account>();
    session s = run.open();
    s.add(Account{.id = 1, .balance = 100});
    s.commit();
}

int balance(suite_run& run) { return run.open().get_one<Account>(1)->balance; }

void a_commit_is_seen_by_others(suite_run& run) {
    with_account(run);
    run.equal(balance(run), 100, "the balance in another session");
}

void a_rollback_undoes_what_was_written(suite_run& run) {
    with_account(run);
    {
        session s = run.open();
        s.get_one<Account>(1)->balance = 5;
        s.add(Account{.id = 2});
        s.flush();
        s.rollback();
    }
    {
        session forgotten = run.open();
        forgotten.get_one<Account>(1)->balance = 6;
        forgotten.flush();
    }
    run.equal(balance(run), 100, "the balance after a rollback and after a session without a commit");
    run.equal(run.open().query<Account>().count(), std::int64_t{1}, "rows");
}

void a_savepoint_is_undone_alone(suite_run& run) {
    with_account(run);
    session s = run.open();
    auto account = s.get_one<Account>(1);
    account->balance = 110;
    {
        savepoint outer = s.begin_nested();
        account->balance = 120;
        {
            savepoint inner = s.begin_nested();
            account->balance = 130;
            s.flush();
            inner.rollback();
        }
        run.equal(account->balance, 120, "the object after an inner savepoint was rolled back");
        outer.commit();
    }
    s.commit();
    run.equal(balance(run), 120, "the balance");
}

void an_error_behind_a_savepoint_leaves_the_rest(suite_run& run) {
    with_account(run);
    session s = run.open();
    s.get_one<Account>(1)->balance = 110;
    {
        savepoint attempt = s.begin_nested();
        s.add(Account{.id = 1, .balance = 7});
        static_cast<void>(run.error_of<unique_violation>(
            [&] { s.execute("INSERT INTO suite_account (id, balance) VALUES (1, 7)"); },
            "a key that is there"));
        attempt.rollback();
    }
    s.commit();
    run.equal(balance(run), 110, "the balance");
}

void an_isolation_level_is_used_or_refused(suite_run& run) {
    with_account(run);
    std::string refused;
    for (const isolation_level level : {isolation_level::read_uncommitted, isolation_level::read_committed,
                                        isolation_level::repeatable_read, isolation_level::serializable}) {
        try {
            session s = run.open({.isolation = level});
            run.equal(s.query<Account>().count(), std::int64_t{1}, "rows");
            s.commit();
        } catch (const usage_error& e) {
            run.equal(e.code(), std::string_view("unsupported_isolation"), "the code of the refusal");
            refused.append(refused.empty() ? "" : ", ").append(isolation_level_text(level));
        }
    }
    if (!refused.empty()) throw suite_not_supported{"refused: " + refused};
}

void a_serializable_transaction_reads_the_same_twice(suite_run& run) {
    with_account(run);
    session reader = run.open({.isolation = isolation_level::serializable, .read_only = true});
    run.equal(reader.get_one<Account>(1)->balance, 100, "the first reading");
    try {
        session writer = run.open({.statement_timeout_ms = 300});
        writer.execute("UPDATE suite_account SET balance = 50 WHERE id = 1");
        writer.commit();
    } catch (const database_error&) {
        return; // a database that lets the writer wait keeps the promise as well
    }
    reader.expire_all();
    run.equal(reader.get_one<Account>(1)->balance, 100, "the second reading");
}

void a_read_only_transaction_refuses_to_write(suite_run& run) {
    with_account(run);
    session s = run.open({.read_only = true});
    run.equal(s.query<Account>().count(), std::int64_t{1}, "rows");
    bool refused = false;
    try {
        s.execute("DELETE FROM suite_account");
    } catch (const error&) { // kin's, or the database's
        refused = true;
    }
    run.require(refused, "a read-only transaction has deleted rows");
    s.rollback();
    run.equal(run.open().query<Account>().count(), std::int64_t{1}, "rows");
}

/// Takes hours, wherever it runs.
constexpr const char* endless = "SELECT count(*) FROM suite_account a, suite_account b, suite_account c, "
                                "suite_account d, suite_account e "
                                "WHERE a.balance + b.balance + c.balance + d.balance + e.balance > 0";

session with_much_to_count(suite_run& run) {
    run.create<Account>();
    session s = run.open();
    for (int i = 1; i <= 400; ++i) s.add(Account{.id = i, .balance = i});
    s.commit();
    return run.open();
}

void still_works(suite_run& run, session& s) {
    s.rollback();
    run.equal(s.query<Account>().count(), std::int64_t{400}, "rows, in the same session afterwards");
}

void a_statement_has_a_time_out(suite_run& run) {
    session s = with_much_to_count(run);
    static_cast<void>(run.error_of<statement_timeout>([&] { s.execute(endless, {}, {.timeout_ms = 200}); },
                                                      "a statement that takes too long"));
    still_works(run, s);
}

void a_statement_is_cancelled_from_another_thread(suite_run& run) {
    session s = with_much_to_count(run);
    const cancel_handle handle = s.cancel_handle();
    std::atomic<bool> ended = false;
    // Again and again: the first ones may come before the statement has begun.
    std::thread other([&] {
        while (!ended) {
            handle.cancel();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    std::string fault;
    try {
        s.execute(endless, {}, {.timeout_ms = 20'000});
        fault = "it ended";
    } catch (const statement_cancelled&) {
        fault.clear();
    } catch (const error& e) {
        fault = e.what();
    }
    ended = true;
    other.join();
    run.require(fault.empty(), "a cancelled statement: " + fault);
    still_works(run, s);
}

constexpr suite_check checks[] = {
    {"a_commit_is_seen_by_others", a_commit_is_seen_by_others},
    {"a_rollback_undoes_what_was_written", a_rollback_undoes_what_was_written},
    {"a_savepoint_is_undone_alone", a_savepoint_is_undone_alone},
    {"an_error_behind_a_savepoint_leaves_the_rest", an_error_behind_a_savepoint_leaves_the_rest},
    {"an_isolation_level_is_used_or_refused", an_isolation_level_is_used_or_refused},
    {"a_serializable_transaction_reads_the_same_twice", a_serializable_transaction_reads_the_same_twice},
    {"a_read_only_transaction_refuses_to_write", a_read_only_transaction_refuses_to_write},
    {"a_statement_has_a_time_out", a_statement_has_a_time_out},
    {"a_statement_is_cancelled_from_another_thread", a_statement_is_cancelled_from_another_thread},
};

} // namespace

suite_group transactions_group() noexcept { return {"transactions", checks}; }

} // namespace kin::testing
