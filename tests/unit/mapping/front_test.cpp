// SPDX-License-Identifier: MIT
// Every template of the typed front is compiled once here, in all its spellings, and used.

#include <gtest/gtest.h>

#include <chrono>
#include <list>
#include <string>
#include <vector>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"
#include "support/inspected.hpp"
#include "support/test_database.hpp"

// ---- the three spellings of a relationship's second parameter ----

namespace front {

struct Pointed;
struct Named;
struct Inferred;

struct Owner {
    kin::primary_key<int> id;
    kin::varchar<20> name;
    kin::has_many<Pointed> pointed;
    kin::has_many<Named, "owner"> named;
    kin::has_many<Inferred> inferred;
};
struct Pointed {
    kin::primary_key<int> id;
    kin::foreign_key<&Owner::id> owner_id;
    kin::belongs_to<Owner, &Pointed::owner_id> owner;
};
struct Named {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Owner::id>> owner_key;
    kin::belongs_to<Owner, "owner_key"> owner;
};
struct Inferred { // two keys: `<member>_id` decides
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Owner::id>> creator_id;
    std::optional<kin::foreign_key<&Owner::id>> owner_id;
    kin::belongs_to<Owner> owner;
};

// ---- a tree, a template, a cycle ----

struct Category {
    kin::primary_key<int> id;
    std::string name;
    std::optional<kin::foreign_key<&Category::id>> parent_id;
    kin::belongs_to<Category> parent;
    kin::has_many<Category> children;
};

template <class Number> struct Reading {
    kin::primary_key<int> id;
    Number amount = 0;
    std::optional<kin::foreign_key<&Reading::id>> before_id;
    kin::belongs_to<Reading> before;
};

struct Player;
struct Team {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Player, int>> captain_id;
    kin::belongs_to<Player> captain;
    kin::has_many<Player> players;
};
struct Player {
    kin::primary_key<int> id;
    kin::foreign_key<&Team::id> team_id;
    kin::belongs_to<Team> team;
};

// ---- every option ----

struct Account {
    kin::primary_key<int> id;
    kin::field<std::string, kin::length{30}, kin::unique, kin::comment{"login"}> email;
    kin::field<int, kin::index, kin::server_default{"7"}> score;
    kin::field<std::string, kin::column_name{"full_name"}> name;
    kin::foreign_key<&Owner::id, kin::no_index, kin::on_delete::cascade, kin::on_update::cascade> owner_id;
    kin::field<std::int64_t, kin::version> revision;
};

struct Described {
    int key = 0;
    std::string name;
    std::string city;
    int points = 0;
    int views = 0;
    std::optional<kin::foreign_key<&Described::key>> parent_id;
    kin::belongs_to<Described> parent;
    kin::has_many<Described> children;
};
void describe(kin::mapping<Described>& m) {
    m.table("described_things");
    m.comment("all options");
    m.column<&Described::key>().primary_key();
    m.column<&Described::name>().name("label").unique().length(12).comment("shown");
    m.column<&Described::city>().index();
    m.column<&Described::points>().server_default("5").type("BIGINT");
    m.column<&Described::parent_id>().no_index();
    m.index<&Described::city, &Described::points>().unique().name("ix_city_points");
    m.unique<&Described::city, &Described::views>();
    m.check("views >= 0", "ck_views");
    m.relationship<&Described::parent>().lazy(kin::loader_strategy::select);
    m.relationship<&Described::children>()
        .cascade(kin::cascade::all | kin::cascade::delete_orphan)
        .lazy(kin::loader_strategy::peers)
        .order_by(kin::col<&Described::city>.desc())
        .order_by(kin::col<&Described::key>);
}

// ---- what kin cannot look into ----

struct Stamped {
    std::int64_t created = 1;
};
class Note;
class Author : public Stamped {
public:
    Author() = default;
    explicit Author(std::string name) : name_(std::move(name)) {}
    [[nodiscard]] const std::string& name() const { return name_; }
    int id = 0;
    kin::has_many<Note> notes;

private:
    friend void describe(kin::mapping<Author>& m);
    std::string name_;
};
class Note {
public:
    Note() = default;
    explicit Note(std::string words) : text(std::move(words)) {}
    int id = 0;
    std::string text;
    std::optional<kin::foreign_key<&Author::id>> author_id;
    kin::belongs_to<Author, &Note::author_id> author;
};
void describe(kin::mapping<Author>& m) {
    m.column<&Author::id>();
    m.column<&Author::name_>().name("name").length(10);
    m.column<&Author::created>();
    m.relationship<&Author::notes>().order_by(kin::col<&Note::id>.desc());
}
void describe(kin::mapping<Note>& m) {
    m.column<&Note::id>();
    m.column<&Note::text>();
    m.column<&Note::author_id>();
    m.relationship<&Note::author>();
}

// ---- all kinds of columns ----

enum class Colour { red, green };
struct Everything {
    kin::primary_key<std::int64_t> id;
    bool flag = false;
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    float f32 = 0;
    double f64 = 0;
    std::string text;
    std::vector<std::byte> blob;
    Colour colour = Colour::red;
    std::optional<Colour> accent;
    std::chrono::sys_time<std::chrono::microseconds> at;
    std::chrono::sys_days day;
    std::optional<std::chrono::year_month_day> date;
};

struct Enrolment {
    kin::primary_key<int> student;
    kin::primary_key<std::string> course;
    std::optional<double> grade;
};

struct Extern {
    kin::primary_key<int> id;
    std::string name;
};

} // namespace front

// As a model's header in a large program writes it; the instantiation is at the end of this file.
extern template const kin::mapper& kin::mapper_of<front::Extern>();

namespace {

using namespace front;

struct Hidden {
    kin::primary_key<int> id;
    std::string name;
};

class front_end : public testing::Test {
protected:
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    kin::testing::sql_counter counter{db};

    template <class... Models> void create() {
        db.create_all<Models...>();
        counter.reset();
    }
    void reopen() {
        session.commit();
        session.close();
    }
};

TEST_F(front_end, the_key_of_a_belongs_to_is_named_by_pointer_by_name_or_found) {
    create<Owner, Pointed, Named, Inferred>();
    const auto owner = kin::make(Owner{.name = "Ada"});
    session.add(owner);
    session.add(Pointed{.owner = owner});
    session.add(Named{.owner = owner});
    session.add(Inferred{.owner = owner});
    reopen();

    const auto loaded = session.query<Owner>().one();
    EXPECT_EQ(loaded->pointed.size() + loaded->named.size() + loaded->inferred.size(), 3u);
    EXPECT_EQ(loaded->named.front()->owner_key, loaded->id);
    EXPECT_EQ(loaded->inferred.front()->owner_id, loaded->id);
    EXPECT_EQ(loaded->inferred.front()->creator_id, std::nullopt);
}

TEST_F(front_end, a_class_may_refer_to_itself) {
    create<Category>();
    session.add(
        Category{.name = "root",
                 .children = {kin::make(Category{.name = "left"}), kin::make(Category{.name = "right"})}});
    reopen();
    const auto left = session.query<Category>().where(kin::col<&Category::name> == "left").one();
    EXPECT_EQ(left->parent->name, "root");
    EXPECT_EQ(left->parent->children.size(), 2u);
    EXPECT_FALSE(left->parent->parent);
}

TEST_F(front_end, two_classes_may_refer_to_each_other) {
    create<Team, Player>();
    const auto team = kin::make(Team{});
    const auto captain = kin::make(Player{.team = team});
    session.add(team);
    session.flush();
    team.edit().captain = captain;
    reopen();
    const auto loaded = session.query<Team>().one();
    EXPECT_EQ(loaded->captain, loaded->players.front());
}

TEST_F(front_end, models_may_be_templates_local_and_without_linkage) {
    struct Local {
        int id = 0;
        std::string name;
        std::optional<kin::foreign_key<&Hidden::id>> hidden_id;
        kin::belongs_to<Hidden> hidden;
    };
    create<Reading<double>, Hidden, Local>();
    const auto first = session.add(Reading<double>{.amount = 1.5});
    session.add(Reading<double>{.amount = 2.5, .before = first});
    session.add(Local{.name = "l", .hidden = kin::make(Hidden{.name = "h"})});
    reopen();
    EXPECT_EQ(session.query<Local>().one()->hidden->name, "h");
    const auto second =
        session.query<Reading<double>>().where(kin::col<&Reading<double>::before>.is_not_null()).one();
    EXPECT_EQ(second->before->amount, 1.5);
}

TEST_F(front_end, every_option_of_a_field_has_its_effect) {
    create<Owner, Pointed, Named, Inferred, Account>();
    session.add(Owner{.name = "Ada"});
    session.commit();
    const auto account = session.add(Account{.email = "a@b", .name = "Ada L.", .owner_id = 1});
    session.commit();
    EXPECT_EQ(account->score, 7);
    EXPECT_EQ(account->revision, 1);
    session.get<Owner>(1)->id = 7;
    session.commit();
    EXPECT_EQ(account->owner_id, 7);
    EXPECT_EQ(std::get<0>(session.sql<std::string>("SELECT full_name FROM account").one()), "Ada L.");
    for (const kin::inspected_index& index : kin::testing::inspected(db.engine())->indexes("account"))
        EXPECT_NE(index.columns, std::vector<std::string>{"owner_id"});
    EXPECT_THROW(
        {
            session.add(Account{.email = "a@b", .owner_id = 7});
            session.flush();
        },
        kin::unique_violation);
    session.rollback();
    session.execute("DELETE FROM owner");
    EXPECT_EQ(session.query<Account>().count(), 0);
}

TEST_F(front_end, describe_says_all_that_a_type_does_not) {
    create<Described>();
    const auto root = session.add(Described{.name = "root", .city = "A"});
    session.add(Described{.name = "x", .city = "B", .points = 2, .parent = root});
    session.add(Described{.name = "y", .city = "C", .points = 3, .parent = root});
    session.commit();
    EXPECT_EQ(root->points, 5);
    session.close();

    auto loaded = session.query<Described>().where(kin::col<&Described::name> == "root").one();
    ASSERT_EQ(loaded->children.size(), 2u);
    EXPECT_EQ(std::as_const(loaded)->children.front()->city, "C");
    const kin::ref<Described> last = std::as_const(loaded)->children.back();
    loaded->children.erase(last);
    session.commit();
    EXPECT_EQ(session.query<Described>().count(), 2);

    EXPECT_THROW(
        {
            session.add(Described{.name = "a name that is too long"});
            session.flush();
        },
        kin::data_error);
    session.rollback();
    EXPECT_THROW(
        {
            session.add(Described{.name = "z", .city = "Z", .views = -1});
            session.flush();
        },
        kin::check_violation);
}

TEST_F(front_end, all_kinds_of_columns_come_back_as_they_went) {
    create<Everything>();
    using namespace std::chrono;
    const Everything sent{.flag = true,
                          .i8 = -128,
                          .u8 = 255,
                          .i16 = -32768,
                          .u16 = 65535,
                          .i32 = -2147483647 - 1,
                          .u32 = 4294967295u,
                          .i64 = INT64_MIN,
                          .f32 = 0.5f,
                          .f64 = -1e300,
                          .text = db.engine().dialect().supports(kin::feature::nul_in_text)
                                      ? std::string("a\0b", 3)
                                      : std::string("a\1b"),
                          .blob = {std::byte{0}, std::byte{255}},
                          .colour = Colour::green,
                          .accent = Colour::red,
                          .at = sys_days{2024y / February / 29} + 1h + 2us,
                          .day = sys_days{1969y / December / 31},
                          .date = 2000y / January / 1};
    session.add(Everything(sent));
    reopen();
    const auto got = session.query<Everything>().one();
    EXPECT_TRUE(got->flag == sent.flag && got->i8 == sent.i8 && got->u8 == sent.u8 && got->i16 == sent.i16 &&
                got->u16 == sent.u16 && got->i32 == sent.i32 && got->u32 == sent.u32 && got->i64 == sent.i64);
    EXPECT_TRUE(got->f32 == sent.f32 && got->f64 == sent.f64 && got->text == sent.text &&
                got->blob == sent.blob && got->colour == sent.colour && got->accent == sent.accent);
    EXPECT_TRUE(got->at == sent.at && got->day == sent.day && got->date == sent.date);

    const auto rows = session.query<Everything>();
    EXPECT_EQ(rows.where(kin::col<&Everything::colour> == Colour::green).count(), 1);
    EXPECT_EQ(rows.where(kin::col<&Everything::accent>.in({Colour::red, Colour::green})).count(), 1);
    EXPECT_EQ(
        rows.where(kin::col<&Everything::at> > sys_time<seconds>{sys_days{2024y / January / 1}}).count(), 1);
    EXPECT_EQ(
        rows.where(kin::col<&Everything::date>.between(1999y / January / 1, 2001y / January / 1)).count(), 1);
    EXPECT_EQ(rows.where(kin::col<&Everything::flag> == true && kin::col<&Everything::f64> < 0).count(), 1);
    EXPECT_EQ(rows.where(kin::col<&Everything::blob> == sent.blob).count(), 1);
    const auto [accent, date] =
        session.select(kin::col<&Everything::accent>, kin::col<&Everything::date>).one();
    EXPECT_TRUE(accent == sent.accent && date == sent.date);
}

TEST_F(front_end, a_composite_key_is_given_in_the_order_of_the_members) {
    create<Enrolment>();
    session.add_all({kin::make(Enrolment{.student = 1, .course = "maths", .grade = 1.3}),
                     kin::make(Enrolment{.student = 1, .course = "music"})});
    const std::list<kin::ref<Enrolment>> more{kin::make(Enrolment{.student = 2, .course = "maths"})};
    session.add_all(more);
    reopen();
    counter.reset();
    const std::string course = "maths";
    EXPECT_EQ(session.get_one<Enrolment>(1, course)->grade, 1.3);
    EXPECT_EQ(session.get<Enrolment>(1, "maths"),
              session.get<Enrolment>(std::int64_t{1}, std::string_view("maths")));
    EXPECT_EQ(session.get<Enrolment>(3, "maths"), nullptr);
    EXPECT_THROW((void)session.get_one<Enrolment>(2, "music"), kin::no_result_found);
    EXPECT_EQ(counter.count(), 3u);
}

TEST_F(front_end, queries_are_values_that_branch) {
    create<Category>();
    for (const char* name : {"a", "b", "c", "ab"}) session.add(Category{.name = name});
    session.commit();
    const kin::query<Category> all = session.query<Category>().order_by(kin::col<&Category::name>);
    const auto with_a = all.where(kin::col<&Category::name>.starts_with("a"));
    EXPECT_EQ(all.count(), 4);
    EXPECT_EQ(with_a.count(), 2);
    EXPECT_EQ(all.limit(1).offset(1).one()->name, "ab");
    EXPECT_EQ(with_a.order_by(kin::col<&Category::id>.desc()).first()->name, "a");
    EXPECT_EQ(all.with(kin::selectin<&Category::children>, kin::peers<&Category::parent>).all().size(), 4u);
    EXPECT_EQ(all.with(kin::selectin<&Category::children, &Category::children>).all().size(), 4u);
    EXPECT_EQ(all.with(kin::select_each<&Category::parent>).limit(2).all().size(), 2u);
    EXPECT_TRUE(with_a.exists());
    EXPECT_EQ(with_a.where(kin::col<&Category::name> == "none").one_or_none(), nullptr);
    EXPECT_THROW((void)with_a.one(), kin::multiple_results_found);
    std::string names;
    for (const auto& category : session.query<Category>()
                                    .where(kin::col<&Category::name> != "b")
                                    .order_by(kin::col<&Category::name>.asc()))
        names += category->name + ' ';
    EXPECT_EQ(names, "a ab c ");
    kin::predicate any;
    for (const char* name : {"b", "c"}) any = std::move(any) || kin::col<&Category::name> == name;
    EXPECT_EQ(all.where(any).count(), 2);
    EXPECT_EQ(all.where(!any).count(), 2);
    EXPECT_EQ(session.query<Category>()
                  .from_sql("SELECT * FROM category WHERE name LIKE :p ORDER BY id", {{"p", "a%"}})
                  .all()
                  .size(),
              2u);
}

TEST_F(front_end, relationships_are_asked_in_every_way) {
    create<Owner, Pointed, Named, Inferred>();
    const auto ada = session.add(Owner{.name = "Ada"});
    const auto bob = session.add(Owner{.name = "Bob"});
    const auto p = session.add(Pointed{.owner = ada});
    session.commit();
    using kin::col;
    EXPECT_EQ(session.query<Owner>().where(col<&Owner::pointed>.any()).one(), ada);
    EXPECT_EQ(session.query<Owner>().where(!col<&Owner::pointed>.any(col<&Pointed::id> == p->id)).one(), bob);
    EXPECT_EQ(session.query<Owner>().where(col<&Owner::pointed>.contains(p)).one(), ada);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner> == ada).count(), 1);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner> != ada).count(), 0);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner> == p->owner).count(), 1);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner> == nullptr).count(), 0);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner> != nullptr).count(), 1);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner>.has(col<&Owner::name> == "Ada")).count(),
              1);
    EXPECT_EQ(session.query<Pointed>().where(col<&Pointed::owner>.is_null()).count(), 0);
}

TEST_F(front_end, rows_have_the_types_of_their_columns) {
    create<Owner, Pointed, Named, Inferred>();
    const auto ada = session.add(Owner{.name = "Ada"});
    session.add(Owner{.name = "Bob"});
    session.add(Pointed{.owner = ada});
    session.add(Pointed{.owner = ada});
    session.commit();
    using kin::col;
    auto counts = session.select(col<&Owner::name>, kin::count(col<&Pointed::id>))
                      .left_join<&Owner::pointed>()
                      .group_by(col<&Owner::id>)
                      .order_by(col<&Owner::id>);
    static_assert(std::is_same_v<decltype(counts)::row, std::tuple<std::string, std::int64_t>>);
    std::vector<std::tuple<std::string, std::int64_t>> rows;
    for (const auto& [name, n] : counts) rows.emplace_back(name, n);
    EXPECT_EQ(rows, (std::vector<std::tuple<std::string, std::int64_t>>{{"Ada", 2}, {"Bob", 0}}));

    const auto [total, lowest, highest, mean] =
        session
            .select(kin::sum(col<&Pointed::id>), kin::min(col<&Pointed::id>), kin::max(col<&Pointed::id>),
                    kin::avg(col<&Pointed::id>))
            .one();
    EXPECT_TRUE(total == 3 && lowest == 1 && highest == 2 && mean == 1.5);
    const auto [low, up, size, either, twice] =
        session
            .select(kin::lower(col<&Owner::name>), kin::upper(col<&Owner::name>),
                    kin::character_length(col<&Owner::name>), kin::coalesce(col<&Owner::name>, "nobody"),
                    col<&Owner::id> * 2)
            .where(col<&Owner::name> == "Ada")
            .one();
    EXPECT_TRUE(low == "ada" && up == "ADA" && size == 3 && either == "Ada" && twice == 2 * ada->id);
    EXPECT_EQ(session.select(kin::count_distinct(col<&Pointed::owner_id>)).one(), std::tuple(1));
    EXPECT_EQ(session.select(col<&Pointed::owner_id>).distinct().all().size(), 1u);
    EXPECT_EQ(session.select(col<&Owner::id>)
                  .join<&Owner::pointed>()
                  .group_by(col<&Owner::id>)
                  .having(kin::count(col<&Pointed::id>) > 1)
                  .limit(5)
                  .offset(0)
                  .first(),
              std::tuple(ada->id.get()));
    EXPECT_EQ(session.select(col<&Owner::id>).where(col<&Owner::id> < 0).one_or_none(), std::nullopt);
    const auto raw = session.sql<int, std::optional<std::string>>(
        "SELECT id, name FROM owner WHERE name LIKE :p", {{"p", "A%"}});
    EXPECT_EQ(raw.one(), std::tuple(1, std::optional<std::string>("Ada")));
}

TEST_F(front_end, a_mapping_can_be_compiled_once_for_a_program) {
    create<Extern>();
    session.add(Extern{.name = "e"});
    reopen();
    EXPECT_EQ(session.query<Extern>().where(kin::col<&Extern::name> == "e").one()->id, 1);
}

TEST_F(front_end, a_class_that_kin_cannot_look_into_is_mapped_by_describe_alone) {
    create<Author, Note>();
    const auto ada = session.add(Author("Ada"));
    const auto first = session.add(Note("first"));
    ada.edit().notes.push_back(first);
    first.edit().author->notes.push_back(kin::make(Note("second")));
    EXPECT_EQ(ada->notes.size(), 2u);
    reopen();

    const auto loaded = session.query<Author>().where(kin::col<&Author::id> == ada->id).one();
    EXPECT_EQ(loaded->name(), "Ada");
    EXPECT_EQ(std::get<0>(session.sql<int>("SELECT created FROM author").one()), 1);
    ASSERT_EQ(loaded->notes.size(), 2u);
    EXPECT_EQ(loaded->notes[0]->text, "second");
    EXPECT_EQ(loaded->notes[1]->author, loaded);
    EXPECT_EQ(
        session.query<Note>().where(kin::col<&Note::author>.has(kin::col<&Author::id> == loaded->id)).count(),
        2);
}

} // namespace

template const kin::mapper& kin::mapper_of<front::Extern>();
