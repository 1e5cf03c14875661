// SPDX-License-Identifier: MIT
#include "kin/base/field.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "kin/base/config.hpp"
#include "kin/base/reflect.hpp"

namespace {

enum class role { reader, writer };
struct Player; // never defined

struct User {
    kin::primary_key<int> id;
    kin::varchar<50> name;
    std::optional<std::string> bio;
    kin::field<std::string, kin::length{20}, kin::unique> email;
    kin::field<int, kin::index, kin::server_default{"0"}, kin::column_name{"years"}, kin::comment{"in years"}>
        age;
    kin::field<role, kin::index> rights;
    kin::field<std::chrono::sys_days, kin::index> since;
};

struct Post {
    kin::primary_key<int> id;
    kin::foreign_key<&User::id> user_id;
    std::optional<kin::foreign_key<&User::id, kin::on_delete::set_null, kin::no_index>> editor_id;
    kin::field<kin::foreign_key<&User::id, kin::on_update::cascade>, kin::version> odd_id;
    std::optional<kin::forward_key<Player, long>> player_id;
    kin::foreign_key<&User::name> user_name;
    kin::varchar<100> title;
};

struct Profile {
    kin::primary_key<kin::foreign_key<&User::id>> user_id;
};

struct Category {
    kin::primary_key<int> id;
    std::optional<kin::foreign_key<&Category::id>> parent_id;
    kin::field<kin::foreign_key<&User::id>, kin::key> owner_id;
};

template <auto Member> using member = kin::detail::pointed_member_t<Member>;
template <auto Member> using traits = kin::field_traits<member<Member>>;

struct option_names {
    std::vector<std::string> seen;
    void operator()(kin::key_option) { seen.push_back("key"); }
    void operator()(kin::unique_option) { seen.push_back("unique"); }
    void operator()(kin::index_option) { seen.push_back("index"); }
    void operator()(kin::no_index_option) { seen.push_back("no_index"); }
    void operator()(kin::version_option) { seen.push_back("version"); }
    void operator()(kin::length l) { seen.push_back("length " + std::to_string(l.characters)); }
    void operator()(kin::on_delete_option o) {
        seen.push_back("on_delete " + std::to_string(static_cast<int>(o.action)));
    }
    void operator()(kin::on_update_option o) {
        seen.push_back("on_update " + std::to_string(static_cast<int>(o.action)));
    }
    template <std::size_t N> void operator()(const kin::server_default<N>& o) {
        seen.emplace_back(o.text.view());
    }
    template <std::size_t N> void operator()(const kin::column_name<N>& o) {
        seen.emplace_back(o.text.view());
    }
    template <std::size_t N> void operator()(const kin::comment<N>& o) { seen.emplace_back(o.text.view()); }
};
template <auto Member> std::vector<std::string> options_of() {
    option_names names;
    traits<Member>::for_each_option(names);
    return names.seen;
}

} // namespace

// What a model is made of
static_assert(std::is_aggregate_v<User> && kin::reflect::member_count<User> == 7 &&
              kin::reflect::member_count<Post> == 7);
static_assert(sizeof(kin::primary_key<int>) == sizeof(int) &&
              sizeof(kin::varchar<50>) == sizeof(std::string));
static_assert(std::is_base_of_v<std::string, kin::varchar<50>> &&
              std::is_base_of_v<std::string, member<&Post::user_name>>);
static_assert(std::is_trivially_copyable_v<kin::primary_key<int>>);
static_assert(std::is_nothrow_move_constructible_v<kin::varchar<50>>);

// What is stored
static_assert(std::is_same_v<kin::unwrapped_t<member<&Post::editor_id>>, int>);
static_assert(std::is_same_v<kin::unwrapped_t<member<&Post::player_id>>, long>);
static_assert(std::is_same_v<kin::unwrapped_t<const kin::varchar<50>>, std::string>);
static_assert(std::is_same_v<kin::unwrapped_t<member<&Profile::user_id>>, int>);
static_assert(std::is_same_v<kin::unwrapped_t<int>, int> && std::is_same_v<kin::unwrapped_t<Player>, Player>);
static_assert(std::is_same_v<kin::primary_key<kin::varchar<5>>::value_type, std::string>);

// What is known about a member
static_assert(traits<&User::id>::is_primary_key && !traits<&User::name>::is_primary_key);
static_assert(traits<&Category::owner_id>::is_primary_key && traits<&Category::owner_id>::is_foreign_key);
static_assert(traits<&Profile::user_id>::is_primary_key && traits<&Profile::user_id>::is_foreign_key);
static_assert(!traits<&Post::user_id>::is_primary_key); // it points to one
static_assert(traits<&Post::user_id>::target == &User::id && traits<&Post::user_id>::target_member() == "id");
static_assert(std::is_same_v<traits<&Post::editor_id>::target_class, User> &&
              traits<&Post::editor_id>::is_optional);
static_assert(traits<&Post::player_id>::is_forward_key && traits<&Post::player_id>::target_member().empty());
static_assert(std::is_same_v<traits<&Post::player_id>::target_class, Player>);
static_assert(traits<&Category::parent_id>::target == &Category::id);
static_assert(!kin::field_traits<Player>::is_wrapper &&
              !kin::field_traits<std::optional<kin::varchar<5>>>::is_wrapper);
static_assert(traits<&User::name>::length == 50 && traits<&User::email>::length == 20 &&
              traits<&Post::user_name>::length == 50);

// How it is stored
static_assert(kin::storable<member<&User::id>> && kin::storable<member<&Post::editor_id>>);
static_assert(!kin::storable<kin::primary_key<Player>> && !kin::storable<kin::forward_key<User, Player>>);
static_assert(kin::codec<kin::varchar<50>>::type.length == 50 &&
              kin::codec<member<&User::email>>::type.length == 20);
static_assert(kin::codec<member<&Post::user_name>>::type.length == 50);
static_assert(kin::codec<kin::primary_key<kin::varchar<5>>>::type.length == 5);
static_assert(kin::codec<kin::field<kin::varchar<5>, kin::length{9}>>::type.length == 9);
static_assert(kin::codec<member<&User::since>>::type.kind == kin::type_kind::date);
static_assert(kin::is_nullable<member<&Post::editor_id>> && !kin::is_nullable<member<&Post::user_id>>);

// What may be assigned
static_assert(!std::is_convertible_v<kin::primary_key<long>, kin::primary_key<int>>); // would lose something
static_assert(std::is_convertible_v<kin::primary_key<int>, kin::primary_key<long>>);
static_assert(!std::is_convertible_v<std::string, kin::primary_key<int>> &&
              !std::is_convertible_v<int, kin::varchar<5>>);
static_assert(!std::is_convertible_v<std::optional<int>, kin::primary_key<int>>);

TEST(field, members_are_named_in_an_initialiser_and_the_rest_is_empty) {
    const std::string_view view = "view";
    const User user{.id = 3, .name = "John", .email = view, .age = 40};
    EXPECT_EQ(user.id, 3);
    EXPECT_EQ(user.name, "John");
    EXPECT_EQ(user.email, "view");
    EXPECT_EQ(user.age, 40);
    EXPECT_FALSE(user.bio);
    EXPECT_EQ(user.rights, role::reader);
    EXPECT_EQ(User{}.id, 0);
}

TEST(field, a_foreign_key_takes_a_number_another_key_or_nothing) {
    const User user{.id = 3, .name = "John"};
    Post post{.user_id = user.id, .editor_id = 5, .player_id = std::nullopt, .user_name = user.name};
    EXPECT_EQ(post.user_id, 3);
    EXPECT_EQ(post.editor_id, 5);
    EXPECT_EQ(post.user_name, "John");
    post.user_id = 7;
    post.editor_id = user.id;
    post.player_id = 4L;
    EXPECT_EQ(post.user_id, 7);
    EXPECT_EQ(post.editor_id, user.id);
    EXPECT_EQ(post.player_id, 4);
    post.editor_id = std::nullopt;
    EXPECT_FALSE(post.editor_id);
    post.user_id = {};
    EXPECT_EQ(post.user_id, 0);
    Category child{.id = 2, .parent_id = 1, .owner_id = user.id};
    child.parent_id = child.id;
    EXPECT_EQ(child.parent_id, child.id);
    Profile profile{.user_id = user.id};
    profile.user_id = 8;
    EXPECT_EQ(profile.user_id, 8);
}

TEST(field, keys_compare_with_each_other_and_with_numbers_on_either_side) {
    const User user{.id = 3};
    const Post post{.id = 4, .user_id = 3};
    EXPECT_TRUE(post.user_id == user.id && user.id == post.user_id && user.id != post.id);
    EXPECT_TRUE(user.id == 3 && 3 == user.id && user.id == 3u && user.id == 3L && user.id != std::size_t{4});
    EXPECT_TRUE(user.id < post.id && user.id < 4 && 4 > user.id && post.id >= user.id && user.id <= 3u);
    EXPECT_TRUE(kin::primary_key<int>(-1) < 1u); // by value, not by bits
    EXPECT_TRUE((user.id <=> 3) == std::strong_ordering::equal);
}

TEST(field, a_varchar_is_a_string) {
    kin::varchar<50> name = "John";
    const kin::varchar<60> same = name;
    EXPECT_TRUE(name == "John" && "John" == name && name == std::string("John") &&
                name == std::string_view("John"));
    EXPECT_TRUE(name == same && same == name && name < "Mary" && name <= same && name != "john");
    EXPECT_EQ(name + " Smith", "John Smith");
    EXPECT_EQ(name.size(), 4u);
    name += "!";
    EXPECT_EQ(name, "John!");
    name = std::string_view("view");
    EXPECT_EQ(name, "view");
    name = 'c';
    EXPECT_EQ(name, "c");
    name = {};
    EXPECT_TRUE(name.empty());
    name = same;
    const std::string plain = name;
    EXPECT_EQ(plain, "John");
    const kin::varchar<50> moved = std::move(name);
    EXPECT_EQ(moved, "John");
}

TEST(field, a_string_keeps_its_memory_when_assigned) {
    kin::varchar<50> name(std::string(40, 'x'));
    const char* memory = name.data();
    name = "short";
    EXPECT_EQ(name.data(), memory);
}

TEST(field, a_box_behaves_like_its_number) {
    User user{.age = 40};
    user.age += 2;
    ++user.age;
    user.age--;
    EXPECT_EQ(user.age, 42);
    EXPECT_EQ(user.age++, 42);
    user.age -= 3;
    const int plain = user.age;
    EXPECT_EQ(plain + 1, 41);
    const int& seen = user.age;
    EXPECT_EQ(&seen, &user.age.get());
    switch (user.rights) {
    case role::reader: break;
    case role::writer: FAIL();
    }
}

TEST(field, a_field_of_a_class_is_that_class) {
    User user{.since = std::chrono::sys_days(std::chrono::days(3))};
    user.since += std::chrono::days(1);
    EXPECT_EQ(user.since, std::chrono::sys_days(std::chrono::days(4)));
    EXPECT_EQ(user.since.time_since_epoch().count(), 4);
}

TEST(field, goes_into_a_stream_like_its_value) {
    const User user{.id = 3, .name = "John"};
    std::ostringstream out;
    out << user.id << ' ' << user.name << ' ' << Profile{.user_id = 9}.user_id;
    EXPECT_EQ(out.str(), "3 John 9");
}

TEST(field, goes_into_sets_like_its_value) {
    const std::unordered_set<kin::primary_key<int>> keys{1, 2, 2};
    EXPECT_TRUE(keys.contains(2) && keys.size() == 2);
    const std::unordered_set<kin::varchar<50>> names{"a", "b", "a"};
    EXPECT_EQ(names.size(), 2u);
    EXPECT_EQ(std::hash<member<&Post::user_id>>()(5), std::hash<int>()(5));
    EXPECT_EQ((std::hash<kin::forward_key<Player, long>>()(5)), std::hash<long>()(5));
    EXPECT_EQ(std::hash<member<&User::email>>()("x"), std::hash<std::string>()("x"));
    const std::set<kin::primary_key<int>> sorted{2, 1};
    EXPECT_EQ(*sorted.begin(), 1);
}

TEST(field, is_stored_as_its_value) {
    kin::cell out;
    kin::scratch memory;
    const User user{.id = 3, .name = "John"};
    EXPECT_TRUE(kin::codec<kin::primary_key<int>>::encode(user.id, kin::encoder{out, memory}));
    EXPECT_EQ(out.integer, 3);
    EXPECT_TRUE(kin::codec<kin::varchar<50>>::encode(user.name, kin::encoder{out, memory}));
    EXPECT_EQ(out.data, user.name.data());
    Post post;
    EXPECT_TRUE((kin::codec<member<&Post::editor_id>>::decode(post.editor_id, kin::cell::of_integer(8))));
    EXPECT_EQ(post.editor_id, 8);
    EXPECT_TRUE((kin::codec<member<&Post::editor_id>>::decode(post.editor_id, kin::cell())));
    EXPECT_FALSE(post.editor_id);
    EXPECT_FALSE((kin::codec<member<&Post::user_id>>::decode(post.user_id, kin::cell())));
    EXPECT_TRUE((kin::codec<kin::varchar<100>>::decode(post.title, kin::cell::of_text("title"))));
    EXPECT_EQ(post.title, "title");
}

TEST(field_traits, options_are_read_from_the_inside_out) {
    EXPECT_EQ(options_of<&User::email>(), (std::vector<std::string>{"length 20", "unique"}));
    EXPECT_EQ(options_of<&User::age>(), (std::vector<std::string>{"index", "0", "years", "in years"}));
    EXPECT_EQ(options_of<&Post::editor_id>(), (std::vector<std::string>{"on_delete 3", "no_index"}));
    EXPECT_EQ(options_of<&Post::odd_id>(), (std::vector<std::string>{"on_update 2", "version"}));
    EXPECT_EQ(options_of<&Category::owner_id>(), std::vector<std::string>{"key"});
    EXPECT_TRUE(options_of<&User::id>().empty() && options_of<&User::bio>().empty());
}

TEST(field_traits, a_reference_does_not_inherit_the_options_of_what_it_points_to) {
    struct Code {
        kin::field<std::string, kin::key, kin::unique, kin::length{3}> code;
    };
    using reference = kin::field_traits<kin::foreign_key<&Code::code>>;
    static_assert(kin::field_traits<decltype(Code::code)>::is_primary_key && !reference::is_primary_key);
    static_assert(reference::length == 3 && kin::codec<kin::foreign_key<&Code::code>>::type.length == 3);
    option_names names;
    reference::for_each_option(names);
    EXPECT_TRUE(names.seen.empty());
}
