// SPDX-License-Identifier: MIT
#include "kin/base/reflect.hpp"

#include <gtest/gtest.h>

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace reflect = kin::reflect;

namespace shop {

struct Address {
    std::string street;
    int number = 0;
};
template <class A, class B> struct BlogPost {
    int id = 0;
    std::string tags[3];
    A in;
    struct Nested {
        B value;
    };
};
struct Base {};
struct Numbered {
    int number = 0;
};
struct Empty {};

} // namespace shop

namespace {

struct Greedy {
    Greedy() = default;
    template <class T> Greedy(T&&) {}
};

struct Everything {
    shop::Address address;
    std::vector<int> numbers;
    char letters[3];
    std::unique_ptr<int> owner;
    std::function<void()> action;
    std::variant<int, char> either;
    std::any any;
    Greedy greedy;
    std::optional<shop::Address> maybe;
    const char* text;
};

struct WithBase : shop::Numbered {
    int own = 0;
};
struct WithEmptyBase : shop::Base {
    int own = 0;
};
struct AnyFirst {
    std::any first;
    int second = 0;
};
struct WithConstructor {
    explicit WithConstructor(int);
    int a;
};
class WithPrivate {
    [[maybe_unused]] int hidden = 0;

public:
    int shown = 0;
};
struct WithVirtual {
    virtual ~WithVirtual() = default;
    int a = 0;
};
struct Declared;

#define KIN_TEST_EIGHT(P) int P##1, P##2, P##3, P##4, P##5, P##6, P##7, P##8;
#define KIN_TEST_SIXTY_FOUR(P)                                                                               \
    KIN_TEST_EIGHT(P##a)                                                                                     \
    KIN_TEST_EIGHT(P##b)                                                                                     \
    KIN_TEST_EIGHT(P##c)                                                                                     \
    KIN_TEST_EIGHT(P##d) KIN_TEST_EIGHT(P##e) KIN_TEST_EIGHT(P##f) KIN_TEST_EIGHT(P##g) KIN_TEST_EIGHT(P##h)
struct Largest {
    KIN_TEST_SIXTY_FOUR(x)
    KIN_TEST_SIXTY_FOUR(y)
};
struct Odd {
    KIN_TEST_SIXTY_FOUR(x)
    int last;
};
#undef KIN_TEST_SIXTY_FOUR
#undef KIN_TEST_EIGHT

using post = shop::BlogPost<std::pair<int, char>, double>;

} // namespace

static_assert(reflect::reflectable<Everything> && reflect::reflectable<shop::Empty> &&
              reflect::reflectable<post>);
static_assert(reflect::reflectable<AnyFirst> && reflect::reflectable<const shop::Address>);
static_assert(!reflect::reflectable<WithBase> && !reflect::reflectable<WithEmptyBase>);
static_assert(!reflect::reflectable<WithConstructor> && !reflect::reflectable<WithPrivate> &&
              !reflect::reflectable<WithVirtual>);
static_assert(!reflect::reflectable<Declared> && !reflect::reflectable<int> && !reflect::reflectable<int[3]>);
static_assert(!reflect::reflectable<std::string> && !reflect::reflectable<void> &&
              !reflect::reflectable<int&>);

static_assert(reflect::member_count<Everything> == 10 && reflect::member_count<shop::Empty> == 0);
static_assert(reflect::member_count<post> == 3 && reflect::member_count<const shop::Address> == 2);
static_assert(reflect::member_count<Largest> == 128 && reflect::member_count<Odd> == 65);

static_assert(reflect::member_name<Everything, 0>() == "address" &&
              reflect::member_name<Everything, 2>() == "letters");
static_assert(reflect::member_name<Everything, 9>() == "text" && reflect::member_name<post, 2>() == "in");
static_assert(reflect::member_name<post::Nested, 0>() == "value" &&
              reflect::member_name<const shop::Address, 1>() == "number");
static_assert(reflect::member_name<Largest, 0>() == "xa1" && reflect::member_name<Largest, 127>() == "yh8");

static_assert(reflect::index_of<&Everything::address>() == 0 &&
              reflect::index_of<&Everything::greedy>() == 7);
static_assert(reflect::index_of<&Largest::yh8>() == 127 &&
              reflect::member_pointer_name<&post::tags>() == "tags");

static_assert(reflect::type_name<Everything>() == "Everything" && reflect::type_name<post>() == "BlogPost");
static_assert(reflect::type_name<post::Nested>() == "Nested" &&
              reflect::type_name<const shop::Address>() == "Address");
static_assert(reflect::table_name<post>() == "blog_post" && reflect::table_name<WithBase>() == "with_base");

TEST(reflect, visits_all_members_at_once_and_returns_the_answer) {
    shop::Address address{.street = "Main Street", .number = 5};
    reflect::visit(address, [](std::string& street, int& number) {
        street += "!";
        ++number;
    });
    EXPECT_EQ(address.street, "Main Street!");
    EXPECT_EQ(address.number, 6);
    EXPECT_EQ(
        reflect::visit(std::as_const(address), [](const std::string&, const int& number) { return number; }),
        6);
}

TEST(reflect, hands_out_references_to_the_members_themselves) {
    Everything all{};
    const void* seen =
        reflect::visit(all, [](auto& first, auto&...) { return static_cast<const void*>(&first); });
    EXPECT_EQ(seen, &all.address);
    EXPECT_EQ(&reflect::visit(all, [](auto& first, auto&...) -> auto& { return first; }), &all.address);
}

TEST(reflect, an_empty_class_has_nothing_to_visit) {
    shop::Empty nothing;
    EXPECT_EQ(reflect::visit(nothing, [] { return 42; }), 42);
}

TEST(reflect, sees_classes_inside_functions_and_without_a_name) {
    struct LocalOne {
        int first = 0;
        std::string second;
    };
    static_assert(reflect::member_name<LocalOne, 1>() == "second" &&
                  reflect::table_name<LocalOne>() == "local_one");
    struct {
        int only = 0;
    } unnamed;
    static_assert(reflect::member_name<decltype(unnamed), 0>() == "only");
    EXPECT_EQ(reflect::type_name<decltype(unnamed)>(), "");
}

TEST(reflect, names_live_for_ever_and_end_with_nul) {
    constexpr std::string_view name = reflect::member_name<Everything, 1>();
    EXPECT_STREQ(name.data(), "numbers");
    EXPECT_EQ(name.data(), (reflect::member_name<Everything, 1>().data()));
}
