// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Item {
    primary_key<int> id;
    varchar<40> name;
    int amount = 0;
};
void describe(mapping<Item>& m) { m.table("suite_item"); }

struct Word {
    field<std::string, key, length{60}> word;
    int uses = 0;
};
void describe(mapping<Word>& m) { m.table("suite_word"); }

struct Seat {
    field<int, key> row;
    field<varchar<10>, key> place;
    std::optional<std::string> guest;
};
void describe(mapping<Seat>& m) { m.table("suite_seat"); }

struct Label;
struct Page {
    primary_key<int> id;
    many_to_many<Label> labels;
};
void describe(mapping<Page>& m) {
    m.table("suite_page");
    m.relationship<&Page::labels>().table("suite_page_label");
}
struct Label {
    primary_key<int> id;
    many_to_many<Page> pages;
};
void describe(mapping<Label>& m) { m.table("suite_label"); }

std::vector<ref<Item>> add_items(session& s, int n) {
    std::vector<ref<Item>> all;
    for (int i = 1; i <= n; ++i) all.push_back(s.add(Item{.name = "item " + std::to_string(i), .amount = i}));
    return all;
}

void generated_keys_come_back(suite_run& run) {
    run.create<Item>();
    session s = run.open();
    const ref<const Item> one = s.add(Item{.name = "one"});
    s.commit();
    run.require(one->id > 0, "the new row has no key");
    run.equal(run.open().get_one<Item>(one->id)->name, std::string("one"), "the row with that key");
}

void generated_keys_of_many_rows_come_back_to_their_rows(suite_run& run) {
    run.create<Item>();
    session s = run.open();
    const auto all = add_items(s, 500);
    s.commit();
    session reader = run.open();
    for (const auto& item : reader.query<Item>()) {
        const auto mine =
            std::find_if(all.begin(), all.end(), [&](const ref<const Item>& i) { return i->id == item->id; });
        run.require(mine != all.end(), "a row has a key that no object got");
        run.equal(ref<const Item>(*mine)->name, ref<const Item>(item)->name,
                  "the object that got the row's key");
    }
}

void keys_of_the_program_stay(suite_run& run) {
    run.create<Item, Word>();
    session s = run.open();
    s.add(Item{.id = 77, .name = "mine"});
    s.add(Word{.word = "O'Brien", .uses = 3});
    s.commit();
    session reader = run.open();
    run.equal(reader.get_one<Item>(77)->name, std::string("mine"), "the row with the program's key");
    run.equal(reader.get_one<Word>("O'Brien")->uses, 3, "the row with a text as key");
}

void keys_may_have_several_columns(suite_run& run) {
    run.create<Seat>();
    {
        session s = run.open();
        for (int row = 1; row <= 3; ++row)
            for (const char* place : {"a", "b"}) s.add(Seat{.row = row, .place = place});
        s.commit();
        s.get_one<Seat>(2, "b")->guest = "Ann";
        s.remove(s.get_one<Seat>(2, "a"));
        s.commit();
    }
    session reader = run.open();
    run.equal(reader.query<Seat>().count(), std::int64_t{5}, "rows");
    run.require(reader.get_one<Seat>(2, "b")->guest == "Ann" && !reader.get_one<Seat>(1, "b")->guest,
                "another row than that of the key was changed");
}

void many_rows_are_one_statement(suite_run& run) {
    run.need(feature::multi_row_insert);
    run.create<Word>();
    session s = run.open();
    std::vector<Word> words;
    for (int i = 0; i < 200; ++i) words.push_back({.word = "word " + std::to_string(i), .uses = i});
    for (const Word& w : words) s.add(w);
    s.commit();
    run.equal(run.open().query<Word>().count(), std::int64_t{200}, "rows");
}

void changes_are_written(suite_run& run) {
    run.create<Item>();
    {
        session s = run.open();
        add_items(s, 300);
        s.commit();
        for (auto& item : s.query<Item>().order_by(col<&Item::id>).all()) item->amount = item->amount + 1000;
        s.commit();
    }
    std::int64_t sum = 0;
    session reader = run.open();
    for (const auto& item : reader.query<Item>()) sum += ref<const Item>(item)->amount;
    run.equal(sum, std::int64_t{300 * 1000 + 300 * 301 / 2}, "the sum of the changed values");
}

void removed_rows_are_gone(suite_run& run) {
    run.create<Item>();
    session s = run.open();
    const auto all = add_items(s, 10);
    s.commit();
    for (int i = 0; i < 4; ++i) s.remove(all[static_cast<std::size_t>(i)]);
    s.commit();
    run.equal(run.open().query<Item>().count(), std::int64_t{6}, "rows");
}

void updates_and_deletes_by_condition_tell_how_many_rows(suite_run& run) {
    run.create<Item>();
    session s = run.open();
    add_items(s, 10);
    s.commit();
    run.equal(s.execute(update<Item>().set(col<&Item::amount>, 5).where(col<&Item::amount> <= 5)),
              std::int64_t{5}, "rows that an UPDATE matched, one of them as it was before");
    run.equal(s.execute(remove_from<Item>().where(col<&Item::amount> == 5)), std::int64_t{5},
              "rows that a DELETE matched");
    s.commit();
}

void updated_rows_come_back(suite_run& run) {
    run.create<Item>();
    session s = run.open();
    add_items(s, 3);
    s.commit();
    // Where UPDATE ... RETURNING is missing the rows are locked and read first.
    const auto statement =
        update<Item>().set(col<&Item::amount>, 50).where(col<&Item::amount> > 1).returning(col<&Item::name>);
    std::size_t rows = 0;
    try {
        rows = s.execute(statement).size(); // with the feature, or without it by other statements
    } catch (const compile_error& e) {
        run.equal(e.code(), std::string_view("unsupported_feature"), "the code of the refusal");
        run.need(feature::update_returning);
        throw;
    }
    run.equal(rows, std::size_t{2}, "rows that came back");
}

void a_link_that_is_there_is_not_written_twice(suite_run& run) {
    run.create<Page, Label>();
    session s = run.open();
    auto page = s.add(Page{});
    auto label = s.add(Label{});
    page->labels.push_back(label);
    s.commit();
    session other = run.open(); // knows of no link
    other.get_one<Page>(ref<const Page>(page)->id)
        ->labels.push_back(other.get_one<Label>(ref<const Label>(label)->id));
    other.commit();
    run.equal(run.open().get_one<Page>(ref<const Page>(page)->id)->labels.count(), std::size_t{1}, "links");
}

constexpr suite_check checks[] = {
    {"generated_keys_come_back", generated_keys_come_back},
    {"generated_keys_of_many_rows_come_back_to_their_rows",
     generated_keys_of_many_rows_come_back_to_their_rows},
    {"keys_of_the_program_stay", keys_of_the_program_stay},
    {"keys_may_have_several_columns", keys_may_have_several_columns},
    {"many_rows_are_one_statement", many_rows_are_one_statement},
    {"changes_are_written", changes_are_written},
    {"removed_rows_are_gone", removed_rows_are_gone},
    {"updates_and_deletes_by_condition_tell_how_many_rows",
     updates_and_deletes_by_condition_tell_how_many_rows},
    {"updated_rows_come_back", updated_rows_come_back},
    {"a_link_that_is_there_is_not_written_twice", a_link_that_is_there_is_not_written_twice},
};

} // namespace

suite_group writing_group() noexcept { return {"writing", checks}; }

} // namespace kin::testing
