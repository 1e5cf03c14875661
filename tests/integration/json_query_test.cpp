// SPDX-License-Identifier: MIT
// Values inside of JSON documents, asked for by path and type: the same on every database that can (feature::json_path).
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/sql/dialect.hpp"
#include "support/test_database.hpp"

namespace {

using kin::col;

struct Device {
    kin::primary_key<int> id;
    std::string name;
    kin::json settings;
};

class json_queries : public testing::Test {
protected:
    void SetUp() override {
        if (!db.engine().dialect().supports(kin::feature::json_path)) GTEST_SKIP() << "no paths into JSON";
        db.create_all<Device>();
        add("lamp", R"({"on":true,"level":3,"label":"3","tags":["a","b"],"grid":[[1,2],[3,4]],"note":null})");
        add("fan",
            R"({"on":false,"level":2.5,"label":"low \"speed\"\\","tags":[],"grid":[[5]],"more":{"on":true}})");
        add("clock",
            R"({"on":"true","level":"3","label":7,"tags":"a","big":9223372036854775807,"0":"zero"})");
        add("stone", R"([1,{"on":true}])");
        add("void", "null");
        session.commit();
    }
    void add(const char* name, const char* settings) {
        session.add(Device{.name = name, .settings = kin::json(settings)});
    }
    std::string names(kin::predicate condition) {
        std::string all;
        for (const auto& d : session.query<Device>().where(std::move(condition)).order_by(col<&Device::id>))
            all += (all.empty() ? "" : " ") + d->name;
        return all;
    }
    template <class... Steps> static auto at(const Steps&... steps) {
        return col<&Device::settings>.at(steps...);
    }

    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
};

TEST_F(json_queries, ask_for_a_type_and_find_values_of_that_type_only) {
    EXPECT_EQ(names(at("on").as<bool>() == true), "lamp");
    EXPECT_EQ(names(at("on").as<bool>() == false), "fan");
    EXPECT_EQ(names(at("on").as<std::string>() == "true"), "clock");
    EXPECT_EQ(names(at("level").as<int>() == 3), "lamp");
    EXPECT_EQ(names(at("level").as<double>() > 2.0), "lamp fan");
    EXPECT_EQ(names(at("level").as<std::string>() == "3"), "clock");
    EXPECT_EQ(names(at("label").as<std::string>().starts_with("low")), "fan");
    EXPECT_EQ(names(at("label").as<int>() == 7), "clock");
    EXPECT_EQ(names(at("level").as<int>().is_null()), "fan clock stone void") << "2.5 is no integer";
}

TEST_F(json_queries, tell_null_from_nothing) {
    EXPECT_EQ(names(at("note").exists()), "lamp");
    EXPECT_EQ(names(!at("note").exists()), "fan clock stone void");
    EXPECT_EQ(names(at("note").as<std::string>().is_null()), "lamp fan clock stone void");
    EXPECT_EQ(names(at("on").exists()), "lamp fan clock");
}

TEST_F(json_queries, go_into_arrays_and_objects) {
    EXPECT_EQ(names(at("tags", 1).as<std::string>() == "b"), "lamp");
    EXPECT_EQ(names(at("grid", 1, 0).as<int>() == 3), "lamp");
    EXPECT_EQ(names(at("grid").at(0).at(0).as<int>() == 5), "fan");
    EXPECT_EQ(names(at("more", "on").as<bool>() == true), "fan");
    EXPECT_EQ(names(at(1, "on").as<bool>() == true), "stone");
    EXPECT_EQ(names(at("tags", 7).exists()), "");
    EXPECT_EQ(names(at("0").as<std::string>() == "zero"), "clock") << "a name of digits is no position";
    EXPECT_EQ(names(at("big").as<std::int64_t>() == std::numeric_limits<std::int64_t>::max()), "clock");
}

TEST_F(json_queries, give_values_back_as_they_are) {
    const auto [text] =
        session.select(at("label").as<std::string>()).where(col<&Device::name> == "fan").one();
    EXPECT_EQ(text, "low \"speed\"\\");
    const auto [grid] = session.select(at("grid").as<kin::json>()).where(col<&Device::name> == "lamp").one();
    EXPECT_EQ(grid, kin::json("[[1,2],[3,4]]"));
    const auto [on, level] = session.select(at("on").as<bool>(), at("level").as<double>())
                                 .where(col<&Device::name> == "fan")
                                 .one();
    EXPECT_EQ(on, false);
    EXPECT_EQ(level, 2.5);
    const auto [missing] = session.select(at("x").as<kin::json>()).where(col<&Device::name> == "fan").one();
    EXPECT_EQ(missing, std::nullopt);
}

TEST_F(json_queries, sort_group_and_aggregate) {
    std::string order;
    for (const auto& d : session.query<Device>()
                             .where(at("level").as<double>().is_not_null())
                             .order_by(at("level").as<double>()))
        order += d->name + " ";
    EXPECT_EQ(order, "fan lamp ");
    add("lamp 2", R"({"on":true,"level":4})");
    session.flush();
    const auto on = at("on").as<bool>();
    const auto groups = session.select(on, kin::count(), kin::sum(at("level").as<int>()))
                            .where(on.is_not_null())
                            .group_by(on)
                            .order_by(kin::count())
                            .all();
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(std::get<0>(groups[1]), true);
    EXPECT_EQ(std::get<1>(groups[1]), 2);
    EXPECT_EQ(std::get<2>(groups[1]), 7);
}

TEST_F(json_queries, bind_names_of_any_letters) {
    add("odd", R"({"a.b":1,"$x":{"y z":2},"\u00e4":3,"it's":4})");
    session.flush();
    EXPECT_EQ(names(at("a.b").as<int>() == 1), "odd");
    EXPECT_EQ(names(at("$x", "y z").as<int>() == 2), "odd");
    EXPECT_EQ(names(at("\xC3\xA4").as<int>() == 3), "odd");
    EXPECT_EQ(names(at("it's").as<int>() == 4), "odd");
    EXPECT_EQ(names(at("x' OR '1'='1").exists()), "");
}

TEST_F(json_queries, a_name_that_the_database_cannot_take_is_refused_and_never_another_one) {
    add("odd", R"({"a\"b":1,"a\\b":1,"a\u0001b":1})");
    session.flush();
    for (const char* const name : {"a\"b", "a\\b",
                                   "a\x01"
                                   "b"}) {
        try {
            EXPECT_EQ(names(at(name).as<int>() == 1), "odd") << name;
        } catch (const kin::compile_error& e) {
            EXPECT_EQ(e.code(), "unsupported_feature") << name;
        }
    }
}

} // namespace
