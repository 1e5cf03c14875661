// SPDX-License-Identifier: MIT
#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Line;

struct Order {
    primary_key<int> id;
    varchar<20> number;
    int pieces = 1;
    has_many<Line> lines;
};
void describe(mapping<Order>& m) {
    m.table("suite_order");
    m.unique<&Order::number>();
    m.check("pieces > 0", "ck_suite_order_pieces");
}

struct Line {
    primary_key<int> id;
    foreign_key<&Order::id> order_id;
    belongs_to<Order> order;
};
void describe(mapping<Line>& m) { m.table("suite_line"); }

/// What the message must have for a programmer to find the place.
void names(const error& e, std::string_view what) {
    suite_run::require(std::string_view(e.message()).find(what) != std::string_view::npos ||
                           e.table() == what || e.column() == what || e.constraint() == what,
                       "the error names no " + std::string(what) + ": " + std::string(e.message()));
}

template <class Error> Error refused(suite_run& run, const Order& order, std::string_view what) {
    session s = run.open();
    s.add(order);
    return run.error_of<Error>([&] { s.commit(); }, what);
}

void a_value_that_must_be_unique(suite_run& run) {
    run.create<Order, Line>();
    {
        session s = run.open();
        s.add(Order{.number = "A1"});
        s.commit();
    }
    const auto e = refused<unique_violation>(run, {.number = "A1"}, "a unique value that is there");
    names(e, "suite_order");
    names(refused<unique_violation>(run, {.id = 1, .number = "B"}, "a key that is there"), "suite_order");
}

void a_row_that_is_not_there(suite_run& run) {
    run.create<Order, Line>();
    session s = run.open();
    s.add(Line{.order_id = 999});
    const auto e = run.error_of<foreign_key_violation>([&] { s.commit(); }, "a reference to nothing");
    names(e, "suite_line");
    names(e, "order_id");
}

void a_row_that_others_refer_to(suite_run& run) {
    run.create<Order, Line>();
    session s = run.open();
    s.add(make<Line>({.order = make<Order>({.number = "A1"})}));
    s.commit();
    static_cast<void>(run.error_of<foreign_key_violation>([&] { s.execute("DELETE FROM suite_order"); },
                                                          "a row that is referred to"));
    s.rollback();
    run.equal(run.open().query<Order>().count(), std::int64_t{1}, "rows");
}

void a_null_where_there_must_be_a_value(suite_run& run) {
    run.create<Order, Line>();
    session s = run.open();
    const auto e = run.error_of<not_null_violation>(
        [&] { s.execute("INSERT INTO suite_order (id, number, pieces) VALUES (1, NULL, 1)"); }, "NULL");
    names(e, "number");
}

void a_value_that_a_check_refuses(suite_run& run) {
    run.create<Order, Line>();
    const auto e =
        refused<check_violation>(run, {.number = "A1", .pieces = 0}, "a value that a CHECK refuses");
    names(e, "ck_suite_order_pieces");
    names(e, "suite_order");
}

void sql_that_is_wrong(suite_run& run) {
    run.create<Order, Line>();
    for (const char* sql : {"SELEC 1", "SELECT nothing FROM suite_order", "SELECT 1 FROM suite_missing"}) {
        session s = run.open();
        static_cast<void>(run.error_of<statement_error>([&] { s.execute(sql); }, sql));
    }
}

void a_value_that_does_not_fit_its_member(suite_run& run) {
    run.create<Order, Line>();
    session s = run.open();
    s.add(Order{.number = "A1"});
    s.commit();
    const auto e = run.error_of<conversion_error>(
        [&] { static_cast<void>(s.sql<std::int64_t>("SELECT number FROM suite_order").all()); },
        "a text in a number's place");
    run.require(!e.message().empty(), "the error says nothing");
}

void a_failed_flush_leaves_the_session_usable(suite_run& run) {
    run.create<Order, Line>();
    session s = run.open();
    auto bad = s.add(Order{.number = "A1", .pieces = 0});
    static_cast<void>(run.error_of<check_violation>([&] { s.commit(); }, "a value that a CHECK refuses"));
    s.rollback();
    s.add(Order{.number = "A1"});
    s.commit();
    run.equal(run.open().query<Order>().count(), std::int64_t{1}, "rows");
}

constexpr suite_check checks[] = {
    {"a_value_that_must_be_unique", a_value_that_must_be_unique},
    {"a_row_that_is_not_there", a_row_that_is_not_there},
    {"a_row_that_others_refer_to", a_row_that_others_refer_to},
    {"a_null_where_there_must_be_a_value", a_null_where_there_must_be_a_value},
    {"a_value_that_a_check_refuses", a_value_that_a_check_refuses},
    {"sql_that_is_wrong", sql_that_is_wrong},
    {"a_value_that_does_not_fit_its_member", a_value_that_does_not_fit_its_member},
    {"a_failed_flush_leaves_the_session_usable", a_failed_flush_leaves_the_session_usable},
};

} // namespace

suite_group errors_group() noexcept { return {"errors", checks}; }

} // namespace kin::testing
