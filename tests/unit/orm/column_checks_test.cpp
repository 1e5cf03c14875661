// SPDX-License-Identifier: MIT
#include <functional>
#include <stdexcept>

#include "support/test_database.hpp"
#include "unit/orm/blog.hpp"

// Validators of columns and on_set handlers, said in describe(): semantics.md T.

namespace bank {

struct Entry;

struct Account {
    kin::field<int, kin::key> id;
    kin::varchar<50> name;
    std::string email;
    int balance = 0;
    int limit = 0;
    std::optional<std::string> note;
    kin::has_many<Entry> entries;
};

struct Entry {
    kin::primary_key<int> id;
    int amount = 0;
    std::optional<kin::foreign_key<&Account::id>> account_id;
    kin::belongs_to<Account> account;
};

std::vector<std::string> heard;
std::function<void()> hook;

void hear(std::string what) {
    if (hook) hook();
    heard.push_back(std::move(what));
}

void describe(kin::mapping<Account>& m) {
    m.column<&Account::name>()
        .validate(
            [](const Account&, const std::string& name) {
                hear("? name " + name);
                return !name.empty();
            },
            "an account needs a name")
        .on_set([](kin::ref<Account> a, const std::string& before, const std::string& now) {
            hear("name " + before + " -> " + now);
            if (now == "loud") a->note = "said " + now;
        });
    m.column<&Account::email>().validate([](const Account&, const std::string& email) {
        if (email.find('@') == std::string::npos) throw std::invalid_argument("no address: " + email);
    });
    m.column<&Account::balance>().validate([](const Account& a, int balance) { return balance >= -a.limit; });
    m.column<&Account::note>()
        .validate([](const Account&, const std::optional<std::string>& note) {
            hear("? note " + note.value_or("NULL"));
            return note != "forbidden";
        })
        .on_set([](const kin::ref<Account>&, const std::optional<std::string>& before,
                   const std::optional<std::string>& now) {
            hear("note " + before.value_or("NULL") + " -> " + now.value_or("NULL"));
        });
}

void describe(kin::mapping<Entry>& m) {
    const auto ask = [](const Entry&, const auto&) {
        hear("? key");
        return true;
    };
    const auto tell = [](const kin::ref<Entry>&, const auto&, const auto&) { hear("key"); };
    m.column<&Entry::id>().validate(ask).on_set(tell);
    m.column<&Entry::account_id>().validate(ask).on_set(tell);
}

} // namespace bank

namespace {

using bank::Account;
using bank::Entry;
using bank::heard;
using list = std::vector<std::string>;

class column_checks : public testing::Test {
protected:
    column_checks() {
        db.create_all<Account, Entry>();
        heard.clear();
        bank::hook = nullptr;
        counter.reset();
    }
    ~column_checks() override { bank::hook = nullptr; }

    static Account account(int id, std::string_view name, std::string_view email = "a@b") {
        return {.id = id, .name = name, .email = std::string(email)};
    }
    /// Accounts 1 to `count`, written by another session.
    void stored(int count) {
        kin::session writer = db.session();
        for (int i = 1; i <= count; ++i) writer.add(account(i, "n" + std::to_string(i)));
        writer.commit();
        heard.clear();
        counter.reset();
    }
    template <class T = std::int64_t> T stored_value(std::string_view sql) {
        kin::session reader = db.session();
        return std::get<0>(reader.sql<T>(sql).one());
    }
    template <class F> static std::string refused(F&& f) {
        try {
            f();
        } catch (const kin::data_error& e) {
            return std::string(e.code()) + " " + std::string(e.table()) + "." + std::string(e.column());
        } catch (const std::invalid_argument& e) {
            return e.what();
        }
        return "";
    }

    kin::database db{"sqlite:///:memory:", {.pool_timeout_ms = 50}};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};
};

TEST_F(column_checks, a_new_value_is_checked_before_any_sql_is_sent) {
    auto fine = session.add(account(1, "Ann"));
    auto wrong = session.add(account(2, ""));
    try {
        session.commit();
        FAIL();
    } catch (const kin::data_error& e) {
        EXPECT_EQ(e.message(), "Account.name: an account needs a name (column account.name)");
        EXPECT_EQ(e.code(), "invalid_value");
        EXPECT_EQ(e.table(), "account");
        EXPECT_EQ(e.column(), "name");
    }
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_THROW(session.commit(), kin::pending_rollback);
    session.rollback();
    wrong->name = "Bob";
    session.add_all({fine, wrong});
    session.commit();
    EXPECT_EQ(stored_value("SELECT count(*) FROM account"), 2);
}

TEST_F(column_checks, a_change_is_checked_and_what_did_not_change_is_not) {
    stored(1);
    db.transaction([](kin::session& s) { s.execute("UPDATE account SET email = 'nowhere'"); });
    auto a = session.get<Account>(1);
    a->name = "Ann"; // the wrong address was there before
    session.commit();
    EXPECT_EQ(heard, (list{"name n1 -> Ann", "? name Ann"}));
    a->email = "still nowhere";
    counter.reset();
    EXPECT_EQ(refused([&] { session.commit(); }), "no address: still nowhere") << "passes through";
    EXPECT_EQ(counter.count(), 0u);
    session.rollback();
    EXPECT_EQ(a->email, "nowhere");
    EXPECT_EQ(stored_value<std::string>("SELECT name FROM account"), "Ann");
}

TEST_F(column_checks, a_validator_sees_the_whole_object) {
    stored(1);
    auto a = session.get<Account>(1);
    a->balance = -5;
    a->limit = 10;
    session.commit();
    a->balance = -11;
    EXPECT_EQ(refused([&] { session.flush(); }), "invalid_value account.balance");
}

TEST_F(column_checks, each_of_many_objects_is_asked_once_and_they_still_share_an_insert) {
    for (int i = 1; i <= 100; ++i) session.add(account(i, "n" + std::to_string(i)));
    session.commit();
    EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](auto& h) { return h.starts_with("? name"); }),
              100);
    EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](auto& h) { return h.starts_with("name"); }), 100);
    EXPECT_EQ(counter.count(), 1u);
}

TEST_F(column_checks, keys_that_the_flush_makes_are_not_asked_about_and_others_are) {
    auto a = session.add(account(1, "Ann"));
    auto entry = session.add(Entry{.amount = 1, .account = a});
    session.commit();
    EXPECT_EQ(heard, (list{"name  -> Ann", "key", "? name Ann", "? note NULL", "? key"}))
        << "the key of the account was given by the program, that of the entry is made by the database";
    heard.clear();
    entry->account_id = std::nullopt;
    session.commit();
    EXPECT_EQ(heard, (list{"key", "? key"}));
    EXPECT_EQ(stored_value("SELECT count(*) FROM entry WHERE account_id IS NULL"), 1);
}

TEST_F(column_checks, what_handlers_of_events_set_is_checked_as_well) {
    session.events().before_insert<Account>([](kin::session&, Account& a) {
        if (a.name == "Bob") a.name = "";
    });
    session.events().before_update<Account>([](kin::session&, Account& a) {
        if (a.balance == 7) a.email = "nowhere";
    });
    auto ann = session.add(account(1, "Ann"));
    session.commit();
    ann->balance = 7;
    EXPECT_EQ(refused([&] { session.commit(); }), "no address: nowhere");
    session.rollback();
    session.add(account(2, "Bob"));
    EXPECT_EQ(refused([&] { session.commit(); }), "invalid_value account.name");
    session.rollback();
    EXPECT_EQ(stored_value("SELECT count(*) FROM account WHERE email = 'a@b'"), 1);
    session.remove(ann);
    session.add(account(1, "Bob"));
    EXPECT_EQ(refused([&] { session.commit(); }), "invalid_value account.name") << "a row that is taken over";
}

TEST_F(column_checks, validate_asks_on_demand_whatever_the_state) {
    stored(1);
    auto a = session.get<Account>(1);
    auto fresh = kin::make(account(2, ""));
    counter.reset();
    EXPECT_NO_THROW(session.validate(a));
    EXPECT_EQ(refused([&] { session.validate(fresh); }), "invalid_value account.name");
    fresh->name = "Bob";
    EXPECT_NO_THROW(session.validate(fresh));
    a->note = "forbidden";
    EXPECT_EQ(refused([&] { session.validate(a); }), "invalid_value account.note");
    EXPECT_EQ(counter.count(), 0u);
    EXPECT_TRUE(session.has_changes()) << "the session goes on";
    session.expire(a);
    EXPECT_NO_THROW(session.validate(a)) << "as it is in the database";
    EXPECT_EQ(counter.count(), 1u);
    auto entry = kin::make(Entry{.account = fresh});
    heard.clear();
    EXPECT_NO_THROW(session.validate(entry));
    EXPECT_EQ(heard, (list{"? key"})) << "its own is made by the database";
    EXPECT_THROW(session.validate(kin::ref<Account>()), kin::state_error);
}

TEST_F(column_checks, on_set_hears_each_changed_column_once_with_both_values) {
    stored(2);
    auto a = session.get<Account>(1);
    auto b = session.get<Account>(2);
    a->name = "Ann";
    a->name = "Anna";
    a->note = "x";
    b->name = "n2"; // as it is
    b->note = "y";
    b->note = std::nullopt; // and back
    session.flush();
    EXPECT_EQ(heard, (list{"name n1 -> Anna", "note NULL -> x", "? name Anna", "? note x"}));
    heard.clear();
    a->name = "Ada";
    session.flush();
    EXPECT_EQ(heard, (list{"name Anna -> Ada", "? name Ada"}));
    heard.clear();
    session.rollback();
    EXPECT_EQ(a->name, "n1");
    session.commit();
    EXPECT_TRUE(heard.empty());
}

TEST_F(column_checks, on_set_of_a_new_object_hears_what_was_set) {
    auto a = session.add(account(1, "Ann"));
    session.commit();
    EXPECT_EQ(heard, (list{"name  -> Ann", "? name Ann", "? note NULL"})) << "the note is as it was made";
}

TEST_F(column_checks, on_set_may_change_its_object_which_is_written_checked_and_calls_nobody_again) {
    stored(1);
    auto a = session.get<Account>(1);
    a->name = "loud";
    session.commit();
    EXPECT_EQ(heard, (list{"name n1 -> loud", "? name loud", "? note said loud"}));
    EXPECT_EQ(stored_value<std::string>("SELECT note FROM account"), "said loud");
    EXPECT_EQ(counter.count(), 3u) << "SELECT, UPDATE, and the SELECT above";
}

TEST_F(column_checks, both_run_in_a_flush_before_a_query_and_in_neither_plan_nor_has_changes) {
    stored(1);
    auto a = session.get<Account>(1);
    a->name = "Ann";
    EXPECT_TRUE(session.has_changes());
    EXPECT_NE(session.plan(), "");
    EXPECT_TRUE(heard.empty());
    EXPECT_EQ(session.query<Account>().count(), 1);
    EXPECT_EQ(heard, (list{"name n1 -> Ann", "? name Ann"}));
}

TEST_F(column_checks, a_row_that_is_taken_over_by_a_new_object_is_checked_as_a_new_one) {
    stored(1);
    auto old = session.get<Account>(1);
    session.remove(old);
    session.add(account(1, "n1"));
    session.commit();
    EXPECT_EQ(heard, (list{"name  -> n1", "? name n1", "? note NULL"}));
}

/// New, changed and removed objects; the n-th call of a validator or handler throws. Returns whether it came to that.
bool tell(kin::database& db, kin::testing::sql_counter& counter, int n) {
    kin::session session = db.session();
    auto first = session.get<Account>(1);
    auto second = session.get<Account>(2);
    auto third = session.get<Account>(3);
    first->name = "changed";
    first->note = "noted";
    second->name = "changed too";
    session.remove(third);
    auto fresh = session.add(Account{.id = 9, .name = "new", .email = "a@b"});
    fresh->entries.push_back(kin::make(Entry{.amount = 1}));
    second->entries.push_back(kin::make(Entry{.amount = 2}));
    counter.reset();
    bank::hook = [n]() mutable {
        if (n-- == 0) throw std::runtime_error("n-th call");
    };
    bool thrown = false;
    try {
        session.commit();
    } catch (const std::runtime_error& e) {
        thrown = std::string_view(e.what()) == "n-th call";
    }
    bank::hook = nullptr;
    if (!thrown) return false;
    for (const std::string& sql : counter.statements()) EXPECT_TRUE(sql.starts_with("SELECT")) << sql;
    EXPECT_THROW(session.flush(), kin::pending_rollback);
    session.rollback();
    EXPECT_EQ(first->name, "n1");
    EXPECT_EQ(first->note, std::nullopt);
    EXPECT_EQ(kin::state_of(fresh), kin::object_state::transient);
    EXPECT_EQ(second->entries.size(), 0u);
    EXPECT_FALSE(session.has_changes());
    first->name = "later";
    session.flush();
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT name FROM account WHERE id = 1").one()), "later");
    session.rollback();
    return true;
}

TEST_F(column_checks,
       T76_an_exception_at_each_call_leaves_nothing_sent_and_a_session_that_works_after_rollback) {
    stored(3);
    int n = 0;
    while (tell(db, counter, n)) ++n;
    EXPECT_EQ(n, 13) << "six columns were set, seven values asked about";
    EXPECT_EQ(stored_value("SELECT count(*) FROM account"), 3);
    EXPECT_EQ(stored_value<std::string>("SELECT name FROM account WHERE id = 1"), "changed");
    EXPECT_EQ(stored_value("SELECT count(*) FROM entry WHERE account_id IS NOT NULL"), 2);
}

} // namespace
