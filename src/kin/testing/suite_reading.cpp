// SPDX-License-Identifier: MIT
#include <numeric>

#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Entry;

struct Shelf {
    primary_key<int> id;
    varchar<40> name;
    has_many<Entry> entries;
};
void describe(mapping<Shelf>& m) { m.table("suite_shelf"); }

struct Entry {
    primary_key<int> id;
    std::string text;
    std::optional<int> number;
    json data;
    std::optional<foreign_key<&Shelf::id>> shelf_id;
    belongs_to<Shelf> shelf;
};
void describe(mapping<Entry>& m) { m.table("suite_entry"); }

struct Twig {
    primary_key<int> id;
    std::optional<foreign_key<&Twig::id>> parent_id;
    belongs_to<Twig> parent;
    has_many<Twig> twigs;
};
void describe(mapping<Twig>& m) { m.table("suite_twig"); }

/// Entries 1 to n: their texts are the numbers, each third number is NULL, and they stand on three shelves.
session filled(suite_run& run, int n) {
    run.create<Shelf, Entry>();
    session s = run.open();
    std::vector<ref<Shelf>> shelves;
    for (const char* name : {"a", "b", "c"}) shelves.push_back(s.add(Shelf{.name = name}));
    for (int i = 1; i <= n; ++i) {
        s.add(Entry{.id = i,
                    .text = std::to_string(i),
                    .number = i % 3 == 0 ? std::nullopt : std::optional(i),
                    .data = json(R"({"n":)" + std::to_string(i) + R"(,"tags":["x","y"]})"),
                    .shelf = shelves[static_cast<std::size_t>(i % 3)]});
    }
    s.commit();
    return run.open();
}

std::vector<int> ids(const query<Entry>& q) {
    std::vector<int> all;
    for (const auto& e : q.all()) all.push_back(ref<const Entry>(e)->id);
    return all;
}

void null_is_no_value(suite_run& run) {
    session s = filled(run, 6);
    run.equal(s.query<Entry>().where(col<&Entry::number>.is_null()).count(), std::int64_t{2},
              "rows that are NULL");
    run.equal(s.query<Entry>().where(col<&Entry::number>.is_not_null()).count(), std::int64_t{4},
              "rows that are not");
    run.equal(s.query<Entry>().where(col<&Entry::number> != 1).count(), std::int64_t{3},
              "NULL is neither equal to a number nor unequal");
    run.equal(s.query<Entry>().where(!(col<&Entry::number> == 1)).count(), std::int64_t{3},
              "nor is its negation");
}

void numbers_and_texts_have_an_order(suite_run& run) {
    run.create<Shelf, Entry>();
    {
        session s = run.open();
        int id = 0;
        for (const char* text : {"b", "B", "a ", "a", "\xC3\xA4", "10", "9", ""})
            s.add(Entry{.id = ++id, .text = text, .number = 10 - id});
        s.commit();
    }
    session s = run.open();
    run.equal(ids(s.query<Entry>().order_by(col<&Entry::number>)), std::vector<int>{8, 7, 6, 5, 4, 3, 2, 1},
              "the order of numbers");
    run.equal(ids(s.query<Entry>().order_by(col<&Entry::text>)), std::vector<int>{8, 6, 7, 2, 4, 3, 1, 5},
              "texts in the order of their bytes");
    run.equal(ids(s.query<Entry>().order_by(col<&Entry::text>.desc()).limit(2)), std::vector<int>{5, 1},
              "from the last one on");
}

void a_page_is_cut_out_of_a_result(suite_run& run) {
    session s = filled(run, 20);
    run.equal(ids(s.query<Entry>().order_by(col<&Entry::id>).limit(3).offset(5)), std::vector<int>{6, 7, 8},
              "limit and offset");
    run.equal(ids(s.query<Entry>().order_by(col<&Entry::id>).offset(18)), std::vector<int>{19, 20},
              "an offset alone");
    run.equal(ids(s.query<Entry>().limit(0)), std::vector<int>{}, "a limit of 0");
}

void lists_may_be_long(suite_run& run) {
    session s = filled(run, 50);
    std::vector<int> numbers(3000);
    std::iota(numbers.begin(), numbers.end(), 26);
    run.equal(s.query<Entry>().where(col<&Entry::id>.in(numbers)).count(), std::int64_t{25},
              "rows in a list of 3,000 numbers");
    std::vector<std::string> texts;
    for (const int n : numbers) texts.push_back(std::to_string(n));
    run.equal(s.query<Entry>().where(col<&Entry::text>.in(texts)).count(), std::int64_t{25},
              "rows in a list of 3,000 texts");
    run.equal(s.query<Entry>().where(col<&Entry::id>.in(std::vector<int>{})).count(), std::int64_t{0},
              "rows in an empty list");
}

void a_list_is_one_parameter(suite_run& run) {
    run.need(feature::array_parameter);
    session s = filled(run, 9);
    std::int64_t sum = 0;
    for (const auto& shelf : s.query<Shelf>())
        for (const auto& entry : shelf->entries) sum += ref<const Entry>(entry)->id;
    run.equal(sum, std::int64_t{45}, "the sum of the keys of what stands on all shelves");
}

void patterns_are_searched_for_as_they_are(suite_run& run) {
    run.create<Shelf, Entry>();
    session s = run.open();
    for (const char* text : {"100%", "100", "a_b", "axb", "back\\slash"}) s.add(Entry{.text = text});
    s.commit();
    run.equal(s.query<Entry>().where(col<&Entry::text>.contains("%")).count(), std::int64_t{1},
              "texts with a per cent sign");
    run.equal(s.query<Entry>().where(col<&Entry::text>.starts_with("a_")).count(), std::int64_t{1},
              "texts that start with a_");
    run.equal(s.query<Entry>().where(col<&Entry::text>.ends_with("\\slash")).count(), std::int64_t{1},
              "texts with a backslash");
    run.equal(s.query<Entry>().where(col<&Entry::text>.like("a_b")).count(), std::int64_t{2},
              "texts like a_b");
}

void rows_are_joined_grouped_and_counted(suite_run& run) {
    session s = filled(run, 10);
    const auto n = count(col<&Entry::id>);
    const auto rows = s.select(col<&Shelf::name>, n, sum(col<&Entry::number>))
                          .left_join<&Shelf::entries>()
                          .group_by(col<&Shelf::id>, col<&Shelf::name>)
                          .order_by(col<&Shelf::name>)
                          .all();
    run.equal(rows.size(), std::size_t{3}, "groups");
    run.equal(std::get<1>(rows[1]), std::int64_t{4}, "rows of a group");
    run.require(!std::get<2>(rows[0]), "the sum of nothing but NULL is not NULL");
    run.require(std::get<2>(rows[1]) == 1 + 4 + 7 + 10, "a sum");
}

void conditions_reach_into_relationships(suite_run& run) {
    session s = filled(run, 10);
    run.equal(s.query<Entry>().where(col<&Entry::shelf>.has(col<&Shelf::name> == "b")).count(),
              std::int64_t{4}, "entries on a shelf");
    run.equal(s.query<Shelf>().where(col<&Shelf::entries>.any(col<&Entry::id> > 9)).count(), std::int64_t{1},
              "shelves with an entry");
    run.equal(s.query<Shelf>().where(!col<&Shelf::entries>.any()).count(), std::int64_t{0}, "empty shelves");
}

void values_inside_of_json_are_asked_for(suite_run& run) {
    session s = filled(run, 10);
    const auto deep = [&] { return s.query<Entry>().where(col<&Entry::data>.at("n").as<int>() > 7).count(); };
    if (!run.supports(feature::json_path)) {
        const auto e = run.error_of<compile_error>(deep, "a path into JSON");
        run.equal(e.code(), std::string_view("unsupported_feature"), "the code of the refusal");
        run.need(feature::json_path);
    }
    run.equal(deep(), std::int64_t{3}, "rows by a number inside");
    run.equal(s.query<Entry>().where(col<&Entry::data>.at("tags", 1).as<std::string>() == "y").count(),
              std::int64_t{10}, "rows by an element");
    run.equal(s.query<Entry>().where(col<&Entry::data>.at("none").exists()).count(), std::int64_t{0},
              "rows by what is not there");
}

void a_tree_is_walked_to_its_end(suite_run& run) {
    constexpr int depth = 1200; // more levels than some servers take unless they are told
    run.create<Twig>();
    session s = run.open();
    for (int i = 1; i <= depth; ++i) {
        Twig twig{.id = i};
        if (i > 1) twig.parent_id = i - 1;
        s.add(std::move(twig));
    }
    s.commit();
    const auto below = [&] { return s.query<Twig>().where(descendant_of<&Twig::parent>(1)).count(); };
    if (!run.supports(feature::recursive_queries)) {
        const auto e = run.error_of<compile_error>(below, "a condition on a tree");
        run.equal(e.code(), std::string_view("unsupported_feature"), "the code of the refusal");
        run.need(feature::recursive_queries);
    }
    run.equal(below(), std::int64_t{depth - 1}, "rows below the first one");
    run.equal(s.query<Twig>().where(ancestor_of<&Twig::parent>(3)).count(), std::int64_t{2},
              "rows above the third one");
    run.equal(s.execute(update<Twig>().set(col<&Twig::parent_id>, depth).where(col<&Twig::id> == 1)),
              std::int64_t{1}, "the row that closes a circle");
    run.equal(below(), std::int64_t{depth - 1}, "rows of a circle");
}

void rows_come_one_by_one_and_a_result_may_be_left(suite_run& run) {
    static_cast<void>(filled(run, 500));
    connection c = run.db().engine().connect();
    const std::string sql = "SELECT id FROM suite_entry ORDER BY id";
    {
        cursor left = c.open(sql, {}, {.fetch_size = 10});
        run.require(left.next() && left.next(), "no row");
    }
    c.begin(transaction_access::read);
    std::int64_t sum = 0;
    cursor rows = c.open(sql, {}, {.fetch_size = 10});
    while (rows.next()) {
        static constexpr cell_kind kind[] = {cell_kind::integer};
        cell id;
        run.equal(rows.read(0, kind, &id), std::size_t{1}, "columns that could be read");
        sum += id.integer;
        if (id.integer == 5) { // something else in the middle of it
            cursor other = c.open("SELECT count(*) FROM suite_entry");
            run.require(other.next(), "no row");
        }
    }
    run.equal(sum, std::int64_t{500 * 501 / 2}, "the sum of the rows, with another statement in between");
    c.rollback();
}

constexpr suite_check checks[] = {
    {"null_is_no_value", null_is_no_value},
    {"numbers_and_texts_have_an_order", numbers_and_texts_have_an_order},
    {"a_page_is_cut_out_of_a_result", a_page_is_cut_out_of_a_result},
    {"lists_may_be_long", lists_may_be_long},
    {"a_list_is_one_parameter", a_list_is_one_parameter},
    {"patterns_are_searched_for_as_they_are", patterns_are_searched_for_as_they_are},
    {"rows_are_joined_grouped_and_counted", rows_are_joined_grouped_and_counted},
    {"conditions_reach_into_relationships", conditions_reach_into_relationships},
    {"values_inside_of_json_are_asked_for", values_inside_of_json_are_asked_for},
    {"a_tree_is_walked_to_its_end", a_tree_is_walked_to_its_end},
    {"rows_come_one_by_one_and_a_result_may_be_left", rows_come_one_by_one_and_a_result_may_be_left},
};

} // namespace

suite_group reading_group() noexcept { return {"reading", checks}; }

} // namespace kin::testing
